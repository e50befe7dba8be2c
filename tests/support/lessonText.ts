/** The text of a small lesson with everything in it; parts can be replaced. */
export const lessonText = (change: (text: string) => string = (text) => text): string => change(whole)

const whole = `---
title: Colour: a test
summary: One sentence about colour.
minutes: 5
order: 50
---
# A heading
A paragraph that goes on
over two lines.

- one
- two

![Four lemons](figures/four-seeds.png)

\`\`\`experiment
id: colours
title: Two colours
variable: prompt   # what changes
values: [a red heart, "a heart, blue"]
seed: 7
steps: 2
expect: What stays: the shape?
choices: [Everything, Nothing]
explain: The noise is the same,
  so the shape is: look.
\`\`\`

\`\`\`question
id: same-noise
ask: What is the same?
answers:
  - text: The noise
    right: true
    because: Yes. The seed sets it.
  - text: The words
    because: They differ. Look again.
\`\`\`
`
