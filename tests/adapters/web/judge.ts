import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Runs axe with every rule of WCAG 2.2 A and AA and its best practices, and measures what axe does not. */
export async function judge(page: Page, width: number): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    };
    return (await axe.run()).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
    );
  });
  expect(violations).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  const small = await page.evaluate(() =>
    Array.from(document.querySelectorAll("button, a, input:not([type=hidden]), textarea"))
      .filter((one) => !one.matches(".skip") && one.getClientRects().length > 0)
      .map((one) => ({ text: one.textContent, height: one.getBoundingClientRect().height }))
      .filter(({ height }) => height < 44),
  );
  expect(small).toEqual([]);
}

/** Whether the element with the keyboard has an outline and is not covered. Runs in the page. */
export function visibleFocus(): boolean {
  const holder = document.activeElement;
  if (!holder) return false;
  const { left, top, width, height } = holder.getBoundingClientRect();
  const above = document.elementFromPoint(left + width / 2, top + height / 2);
  return Number.parseFloat(getComputedStyle(holder).outlineWidth) >= 2 && holder.contains(above);
}
