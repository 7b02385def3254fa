/** Negative where `one` is the older version. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [versionParts(one), versionParts(other)];
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether the two differ in words alone: 1.2.0 and 1.2.3 do, 1.2.3 and 1.3.0 do not. */
export function isSameStructure(one: string, other: string): boolean {
  const [a, b] = [versionParts(one), versionParts(other)];
  return a[0] === b[0] && a[1] === b[1];
}

// Content, addition, correction.
function versionParts(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return [major, minor, patch];
}
