// What people do, from beginning to end.
export function flowCases() {
  return [];
}
