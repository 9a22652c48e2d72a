// Holds an entry of the package against `vectors.json`, which rolecall-core answers for. Runs in Node, in
// bundles and in pages: it needs nothing but the entry.

/** A text, which may be given as a piece and how often it comes; octets as octets. */
function value(given) {
  if (Array.isArray(given?.repeat)) return given.repeat[0].repeat(given.repeat[1]);
  if (Array.isArray(given?.octets)) return new Uint8Array(given.octets);
  return given;
}

const without = (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** Of an error in an address what core decides: the face adds parameters and the end of the range. */
const decided = ({ code, message, range }) => ({ code, message, at: range[0] });

/** The part of an answer that core decides. */
const PARTS = {
  checkEmail(answer) {
    if (answer.type === "invalid") return { ...answer, issue: decided(answer.issue) };
    return { ...answer, notices: answer.notices.map((notice) => without(notice, "message")) };
  },
  checkEmails: ({ count, codes, at }) => ({ count, codes: [...codes], at: [...at] }),
  readRecipients(list) {
    const rows = list.rows.map((row) => {
      const bare = without(row, "raw");
      if (row.issue && row.issue.params.text === undefined) bare.issue = decided(row.issue);
      return bare;
    });
    return { ...list, rows };
  },
  planInvites(plan) {
    const refused = plan.refused.map((row) => {
      if (row.issue.range === undefined || row.issue.params.text !== undefined) return row;
      return { ...row, issue: without(row.issue, "params", "range") };
    });
    return { ...plan, refused };
  },
  buildRequest: (request) => (request.body === undefined ? without(request, "body") : request),
};

/** JSON with the names of each object in order, so that equal answers are equal texts. */
function ordered(value) {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * Runs the cases whose functions the entry has; gives how many, and those whose answers differ.
 */
export function compare(entry, cases) {
  let count = 0;
  const different = [];
  for (const { function: name, arguments: given, answer } of cases) {
    if (entry[name] === undefined) continue;
    count++;
    const whole = entry[name](...given.map(value));
    const part = PARTS[name]?.(whole) ?? whole;
    if (ordered(part) !== ordered(answer)) {
      different.push(`${name}(${JSON.stringify(given).slice(0, 200)}): ${ordered(part)} instead of ${ordered(answer)}`);
    }
  }
  return { count, different };
}
