// What can be wrong with an address: names and sentences. A test of rolecall-core holds them against
// the rules'.

const KINDS = [
  ["", ""],
  ["Empty", "enter an email address"],
  ["MailtoPrefix", "remove `mailto:` in front of the address"],
  ["MissingAt", "an email address has an `@` between name and domain"],
  ["DisplayName", "enter the address alone, without name and angle brackets"],
  ["LocalEmpty", "the name before the `@` is missing"],
  ["LocalQuoted", "a name in quotation marks cannot be invited"],
  ["LocalLeadingDot", "the address cannot start with a dot"],
  ["LocalConsecutiveDots", "two dots in a row are not allowed"],
  ["LocalTrailingDot", "the name before the `@` cannot end with a dot"],
  ["Comment", "parentheses are not allowed in an address"],
  ["WhitespaceInside", "remove the blank or invisible character inside the address"],
  ["ControlChar", "remove the control character"],
  ["Separator", "enter one address at a time, without comma or semicolon"],
  ["LocalNonAscii", "only unaccented letters, digits and common signs can stand before the `@`"],
  ["LocalInvalidChar", "this character cannot stand before the `@`"],
  ["LocalTooLong", "the name before the `@` is longer than 64 characters"],
  ["DomainEmpty", "the domain after the `@` is missing"],
  ["AddressLiteral", "enter a domain name instead of an address in brackets"],
  ["ExtraAt", "an email address has only one `@`"],
  ["DomainInvalidChar", "this character cannot stand in a domain"],
  ["DomainNeedsIdna", "enter the domain in its ASCII form, starting with `xn--`"],
  ["IdnaInvalid", "the domain contains a character that domain names cannot have"],
  ["DomainIsIpAddress", "enter a domain name instead of an IP address"],
  ["DomainTrailingDot", "remove the dot at the end"],
  ["DomainEmptyLabel", "a part of the domain between two dots is missing"],
  ["LabelHyphenStart", "a part of the domain cannot start with a hyphen"],
  ["LabelHyphenEnd", "a part of the domain cannot end with a hyphen"],
  ["LabelTooLong", "a part of the domain is longer than 63 characters"],
  ["DomainSingleLabel", "the domain needs an ending such as `.com`"],
  ["TldInvalid", "the ending of the domain does not exist"],
  ["DomainTooLong", "the domain is longer than 253 characters"],
  ["TooLong", "the address is longer than 254 characters"],
  ["ReservedDomain", "mail to this domain does not arrive over the public Internet"],
];

/** Names by number. */
export const EMAIL_CODES = KINDS.map(([name]) => name);

/** Sentences by number. */
export const MESSAGES = KINDS.map(([, message]) => message);

/** Numbers of the kinds which the face decides itself. */
export const LOCAL_NON_ASCII = 14;
export const LOCAL_TOO_LONG = 16;
export const DOMAIN_NEEDS_IDNA = 21;
export const IDNA_INVALID = 22;
export const DOMAIN_TOO_LONG = 31;
export const TOO_LONG = 32;
export const RESERVED_DOMAIN = 33;

/** What people call a character which cannot be seen. */
export const CHARACTER_NAMES = {
  0x0: "null",
  0x9: "tab",
  0xa: "line break",
  0xd: "carriage return",
  0x20: "space",
  0x7f: "delete",
  0xa0: "no-break space",
  0x200b: "zero-width space",
  0x200e: "left-to-right mark",
  0x200f: "right-to-left mark",
  0x2028: "line separator",
  0x2029: "paragraph separator",
  0x202a: "left-to-right embedding",
  0x202b: "right-to-left embedding",
  0x202c: "pop directional formatting",
  0x202d: "left-to-right override",
  0x202e: "right-to-left override",
  0x202f: "narrow no-break space",
  0x2060: "word joiner",
  0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate",
  0x2068: "first strong isolate",
  0x2069: "pop directional isolate",
  0x3000: "ideographic space",
  0xfeff: "byte order mark",
};
