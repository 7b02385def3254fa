// The workload of every contestant: a lesson of three cards and a quiz, one event a press. Deterministic, so that the
// final score of every learner can be checked after every run.
export const options = ["Alpha", "Bravo", "Charlie", "Delta"];

const filler = "Small steps that a family chooses are the heart of the work, and each one is worth a few quiet words. ";
export const cards = [1, 2, 3].map((n) => `Card ${n} of 3. ${filler.repeat(2)}`);

export function question(index, count) {
  return {
    text: `Question ${index + 1} of ${count}: which option is right for topic ${index}?`,
    right: (index * 5 + 1) % options.length,
  };
}

/** The answer learner `l` gives to question `index`: about a quarter are right. */
export function answerOf(l, index) {
  return (l * 7 + index * 3 + (l >> 2)) % options.length;
}

export function expectedScore(l, count) {
  let score = 0;
  for (let index = 0; index < count; index += 1) if (answerOf(l, index) === question(index, count).right) score += 1;
  return score;
}

/** Events a learner: open the lesson, two cards on, on to the questions, the answers. */
export const eventCount = (count) => 4 + count;

export function eventOf(l, step) {
  if (step === 0) return { kind: "start" };
  if (step < 4) return { kind: "next" };
  return { kind: "answer", index: step - 4, option: answerOf(l, step - 4) };
}

export const scoreText = (score, count) => `Score: ${score} of ${count}`;

/** The same small state machine for every peer that brings none of its own. */
export function reduce(state, event, count) {
  if (event.kind === "start")
    return { state: { at: "card", i: 0, s: 0 }, reply: { text: cards[0], buttons: ["Next"] } };
  if (state?.at === "card" && event.kind === "next") {
    if (state.i < 2)
      return { state: { ...state, i: state.i + 1 }, reply: { text: cards[state.i + 1], buttons: ["Next"] } };
    return { state: { at: "quiz", i: 0, s: 0 }, reply: { text: question(0, count).text, buttons: options } };
  }
  if (state?.at === "quiz" && event.kind === "answer") {
    const right = event.option === question(state.i, count).right;
    const next = { at: "quiz", i: state.i + 1, s: state.s + (right ? 1 : 0) };
    const attempt = { question: state.i, option: event.option, right };
    if (next.i < count)
      return { state: next, reply: { text: question(next.i, count).text, buttons: options }, attempt };
    return { state: { ...next, at: "done" }, reply: { text: scoreText(next.s, count), buttons: [] }, attempt };
  }
  return { state, reply: { text: "?", buttons: [] } };
}
