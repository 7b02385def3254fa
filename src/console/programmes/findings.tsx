import type { JSX } from "preact";
import type { Problem } from "../../programmes/problem.ts";
import { fileAddress } from "./common.ts";

/** What is wrong, each with a link to its line. */
export function Findings({ id, list }: { readonly id: string; readonly list: readonly Problem[] }): JSX.Element | null {
  if (list.length === 0) return null;
  return (
    <ul class="findings">
      {list.map(({ path, line, message, rule }) => (
        <li>
          <a href={fileAddress(id, path, line)}>{`${path}:${line}`}</a> {message}{" "}
          <span class="soft">{`(${rule})`}</span>
        </li>
      ))}
    </ul>
  );
}
