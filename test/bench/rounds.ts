import { median } from "./report.ts";

/** One round: the subject and its floor, measured one after the other, in milliseconds. */
export type Round = { subject: number; floor: number };

/** How far the floor may move from its median before a run counts for nothing. */
const mostMovement = 0.2;

export type Verdict = {
  /** Median of the rounds' own ratios: what else the machine did changes both sides of a round. */
  ratio: number;
  subject: number;
  floor: number;
  /** The farthest that a round's floor is from the median floor, as a share of it. */
  movement: number;
  void: boolean;
};

/** What rounds come to. */
export const judge = (rounds: readonly Round[]): Verdict => {
  const floors = rounds.map(({ floor }) => floor);
  const floor = median(floors);
  const movement = Math.max(...floors.map((one) => Math.abs(one / floor - 1)));
  return {
    ratio: median(rounds.map((round) => round.subject / round.floor)),
    subject: median(rounds.map(({ subject }) => subject)),
    floor,
    movement,
    void: movement > mostMovement,
  };
};
