import { needed } from "./fields.ts";

/** A language as a pack names it. */
export const language = needed("a language such as en or bg").regex(/^[a-z]{2,3}(?:-[A-Z][A-Za-z]{1,3})?$/, {
  error: "expected a language such as en or bg",
});
