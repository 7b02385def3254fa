/** What lines of feedback are sealed for. */
export const linePurpose = "feedback";
