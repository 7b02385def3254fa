/** What is taken away, where, what is left in its place, and the test that must fail then. */
export const guards: readonly {
  readonly promise: string;
  readonly file: string;
  readonly take: string;
  readonly leave: string;
  readonly test: string;
  readonly name: string;
}[];
