/**
 * Addresses, roles, lists of recipients, plans, and the calls of Astro and Astra.
 *
 * Everything is synchronous, nothing is sent anywhere, and nothing has to be freed. Unions are told
 * apart by `type`. What a person can do wrong is an answer; misuse throws a `TypeError` that names the
 * function and the argument, with a `code` (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`).
 * Positions count UTF-16 units, unless it is said otherwise.
 */

import type { Issue, Messages, Schema } from "./email.js";

export * from "./email.js";

/** A service whose users are administered. */
export type Service = "astro" | "astra";

/** How much a role may do: what has to be confirmed goes by it. */
export type Tier = "owner" | "admin" | "observe" | "member";

/** A role that users of an organization can hold. */
export interface Role {
  /** Id by which calls name it. */
  id: string;
  /** Name which the service's own tools take. */
  key: string;
  /** Name for people. */
  label: string;
  /** What it may do, one sentence. */
  summary: string;
  tier: Tier;
  /** Place in a list, the mightiest first. */
  rank: number;
  /** Whether it may invite, re-role and remove users. */
  managesUsers: boolean;
  /** Whether the vendor's command line tool takes it. */
  inCli: boolean;
  /** Whether the organization made it itself. */
  custom: boolean;
  /** Codes of what it permits, where the service told them. */
  permissions?: string[];
}

/** A role as you give it: only the id is needed; what is known of it is filled in. What it permits is not read. */
export type GivenRole = Pick<Role, "id"> & { [K in Exclude<keyof Role, "permissions">]?: Role[K] | undefined };

/**
 * The roles that a service is known to have, mightiest first.
 *
 * @example
 * knownRoles("astro").map((role) => role.label); // ["Owner", …]
 */
export function knownRoles(service: Service): Role[];

/** What became of a text that should name a role. */
export type RoleResult =
  | { type: "ok"; role: Role }
  | {
      type: "invalid";
      /** `Empty`, `TooLong`, `UnknownRole` or `AmbiguousRole`. */
      issue: Issue & {
        params: {
          text: string;
          /** The one role that was probably meant: to be offered, never applied by itself. */
          nearest?: { id: string; label: string };
        };
      };
    };

/**
 * Finds the role that a text names: by id, key or label, without regard to case and separators.
 * `roles` are the organization's own, instead of those that are known.
 *
 * @example
 * const slip = matchRole("OWNR", "astro");
 * if (slip.type === "invalid") slip.issue.params.nearest?.label; // "Owner"
 */
export function matchRole(text: string, service: Service, roles?: readonly GivenRole[] | null): RoleResult;

/** Whom a row names. */
export type Recipient = {
  /** Name beside the address. */
  name?: string;
  /** Role beside the address: its id where roles were known, else as written; of several the first. */
  role?: string;
  /** All roles, where a row gives several. */
  roles?: string[];
} & (
  | {
      /** The normalized address. */
      email: string;
      user?: undefined;
    }
  | {
      email?: undefined;
      /** Id of a user, where one stands instead of an address. */
      user: string;
    }
);

/** A recipient as you give it: one of {@link Recipient} fits. */
export type GivenRecipient = {
  name?: string | undefined;
  /** Role, by id, key or label. */
  role?: string | undefined;
  /** All roles, where there are several. */
  roles?: readonly string[] | undefined;
} & ({ email: string; user?: undefined } | { email?: undefined; user: string });

/** One item or row of a list. */
export interface RecipientRow {
  /** Line on which it starts, from 1. */
  line: number;
  /** Character of that line at which it starts, from 1, as editors count: a code point is one. Ranges count units. */
  column: number;
  /** Start and end in the text. */
  range: [start: number, end: number];
  /** What stands there. */
  raw: string;
  /** Who it is, unless there is an issue. */
  recipient?: Recipient;
  /** Index of the first row with the same recipient. */
  duplicateOf?: number;
  /** Why it is no recipient. Its range counts in the whole text. */
  issue?: Issue;
}

/** The form of a list. */
export type RecipientsFormat =
  /** Addresses with or without names. */
  | { type: "addresses" }
  /** A line for each user: address, blank, role; the `users.txt` of the astro CLI. */
  | { type: "usersFile" }
  /**
   * Cells, quoted where they contain the delimiter: `|` also as programs draw tables and Markdown writes them, two blanks
   * as programs print them, below their titles.
   */
  | { type: "table"; delimiter: "," | ";" | "\t" | "|" | "  " };

/** A list, read: nothing of it is dropped. */
export interface RecipientList {
  rows: RecipientRow[];
  /** The form it was read as. */
  format: RecipientsFormat;
  /** Names of the columns, if the first line of a table gives them. */
  header: string[] | null;
  /** How many rows there are beyond `maxRows`. */
  leftOut: number;
  /** Of octets: the text which ranges count in. */
  text?: string;
  /** Of octets: how they were read. */
  encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
}

/** How to read a list. */
export interface RecipientsOptions {
  /** Whose roles a row may name. Without it and without `roles`, roles are kept as written. */
  service?: Service | undefined;
  /** The organization's own roles, instead of those that are known. */
  roles?: readonly GivenRole[] | undefined;
  /** The form of the list; without it, it is found out. */
  format?: RecipientsFormat | undefined;
  /** Whether addresses that differ in the case of the local part only are the same. */
  ignoreCase?: boolean | undefined;
  /** How many rows are read; the rest is counted. */
  maxRows?: number | undefined;
}

/**
 * Reads a list of recipients: addresses, `Name <address>`, CSV, TSV, `users.txt`. Octets may be
 * UTF-8, UTF-16 or windows-1252.
 *
 * @example
 * const { rows } = readRecipients("Ann <ann@example.com>, bob@example");
 * rows[0].recipient; // { email: "ann@example.com", name: "Ann" }
 * rows[1].issue?.code; // "DomainSingleLabel"
 */
export function readRecipients(source: string | ArrayBuffer | ArrayBufferView, options?: RecipientsOptions): RecipientList;

/**
 * Reads a file.
 *
 * @example
 * input.onchange = async () => console.log(await readRecipientsFile(input.files[0]));
 */
export function readRecipientsFile(blob: Blob, options?: RecipientsOptions): Promise<RecipientList>;

/** A user as plans need to know one; those of {@link readResponse} fit. */
export interface KnownUser {
  id: string;
  email: string;
  name?: string | undefined;
  /** `active`, `pending`, `inactive`, `banned`, or a newer word; `active` without it. */
  status?: string | undefined;
  /** Roles held: ids, or what the service told. */
  roles?: readonly (string | { id: string; name?: string | undefined })[] | undefined;
  /** Id of the pending invitation. */
  invite?: string | undefined;
}

/** For whom a plan is made. */
export interface PlanOptions {
  service: Service;
  /** Id of the organization. */
  organization: string;
  /** Id of the user who plans: changes of your own role have to be confirmed. */
  me?: string | undefined;
  /** The organization's own roles, instead of those that are known. */
  roles?: readonly GivenRole[] | undefined;
}

/** One call of a plan. */
export interface Step {
  /** Index of what it serves. */
  row: number;
  /** What it does. */
  act: "invite" | "resend" | "reRole" | "withdraw" | "remove";
  email: string;
  /** Id of the person, unless somebody new is invited. */
  user?: string;
  /** Ids of the roles before. */
  before: string[];
  /** Ids of the roles after. */
  after: string[];
  /** The call: for {@link buildRequest}. */
  call: Call;
}

/** Something that is wanted and will not be sent. */
export interface Refused {
  /** Index of what is refused. */
  row: number;
  /** The address, or the id where no address is known. */
  who: string;
  /**
   * Why not: an error of the address or role, or `AlreadySo`, `AlreadyInvited`, `HasOtherRole`,
   * `Duplicate`, `NoRole`, `NoRoleLeft`, `OneRoleOnly`, `UnknownUser`, `LastOwner` …
   */
  issue: Issue;
}

/** Something to say yes to before a plan is sent. */
export type Confirmation = { message: string } & (
  | {
      /** These people become owners or administrators. */
      type: "escalation";
      role: string;
      who: string[];
    }
  | {
      /** You lower your own role. */
      type: "ownRole";
      email: string;
      after: string;
    }
);

/** What will be sent, what will not and why, what has to be confirmed first. */
export interface Plan {
  steps: Step[];
  refused: Refused[];
  confirm: Confirmation[];
}

/** Somebody to invite: an address, or what a row of a list gave. */
export type Invitee =
  | string
  | {
      email?: string | undefined;
      user?: string | undefined;
      role?: string | undefined;
      roles?: readonly string[] | undefined;
    };

/**
 * Plans invitations. `users` are those of the organization: who is in already is not invited again.
 *
 * @example
 * const { rows } = readRecipients(text, { service: "astro" });
 * const recipients = rows.flatMap((row) => (row.recipient && row.duplicateOf === undefined ? [row.recipient] : []));
 * const plan = planInvites(recipients, users, { service: "astro", organization: "cm1…", role: "Organization Member" });
 */
export function planInvites(
  recipients: readonly Invitee[],
  users: readonly KnownUser[],
  options: PlanOptions & {
    /** Role of those that name none: id, key or label; several where the service gives several. */
    role?: string | readonly string[] | undefined;
    /** Whether pending invitations are sent again, where the service does that. */
    resend?: boolean | undefined;
  },
): Plan;

/** Whose roles change, and how: by id, key or label. Beside `roles` a `role` is one of them, as in a {@link Recipient}. */
export type Change = ({ user: string; email?: string | undefined } | { user?: undefined; email: string }) &
  (
    | { role: string }
    | { roles: readonly string[] }
    | { add: string | readonly string[] }
    | { remove: string | readonly string[] }
  );

/**
 * Plans changes of roles. The last active owner stays one.
 *
 * @example
 * planRoleChange([{ email: "ann@example.com", role: "owner" }], users, { service: "astro", organization: "cm1…" }).confirm;
 * // [{ type: "escalation", role: "Owner", who: ["ann@example.com"], message: "makes ann@example.com Owner" }]
 */
export function planRoleChange(changes: readonly Change[], users: readonly KnownUser[], options: PlanOptions): Plan;

/** Which part of a list to read: `offset` entries on (0), `limit` at the most (1 to 1000; 1000 without it). */
interface Paging {
  offset?: number | undefined;
  limit?: number | undefined;
}

/** An operation of Astro (API v1). */
export type AstroCall = { service: "astro" } & (
  | ({ type: "listOrganizations" } & Paging)
  | { type: "getOrganization"; organization: string }
  | { type: "getSelfUser" }
  | ({ type: "listUsers"; organization: string } & Paging)
  | { type: "getUser"; organization: string; user: string }
  | ({ type: "listUserTeams"; organization: string; user: string } & Paging)
  | ({ type: "listWorkspaces"; organization: string } & Paging)
  | ({ type: "listRoles"; organization: string; includeDefaultRoles?: boolean | undefined } & Paging)
  | { type: "createInvite"; organization: string; email: string; role: string }
  | { type: "deleteInvite"; organization: string; invite: string }
  | {
      type: "updateUserRoles";
      organization: string;
      user: string;
      /** The organization role. A list that is left out is not touched. */
      role?: string | undefined;
      workspaceRoles?: readonly { workspaceId: string; role: string }[] | undefined;
      deploymentRoles?: readonly { deploymentId: string; role: string }[] | undefined;
      dagRoles?:
        | readonly { deploymentId: string; role: string; dagId?: string | undefined; dagTag?: string | undefined }[]
        | undefined;
    }
);

/** An operation of Astra (DevOps API v2). */
export type AstraCall = { service: "astra" } & (
  | { type: "getCurrentOrg" }
  | { type: "listUsers" }
  | { type: "getUser"; user: string }
  | { type: "listRoles" }
  | { type: "getRole"; role: string }
  | { type: "inviteUser"; organization: string; email: string; roles: readonly string[] }
  | { type: "updateUserRoles"; user: string; roles: readonly string[] }
  | { type: "removeUser"; user: string }
);

/** An operation of either service with all that it needs, as plain data. */
export type Call = AstroCall | AstraCall;

/** What `fetch(request.url, request)` takes. */
export interface BuiltRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers: Record<string, string>;
  /** Left out where nothing is sent. */
  body?: string;
}

/**
 * Builds the request of a call: to the service itself, or to what follows `base` (the address of a
 * gateway, or a path from the root). A `token` is sent along; a page should have none, and leave that
 * to its server.
 *
 * @example
 * const call = { service: "astro", type: "listUsers", organization: "cm1…" } as const;
 * const request = buildRequest(call, { token });
 * const response = await fetch(request.url, request);
 */
export function buildRequest(call: Call, options?: { base?: string | undefined; token?: string | undefined }): BuiltRequest;

/** A user as a service told it. */
export interface User {
  id: string;
  email: string;
  /** Empty if there is none. */
  name: string;
  status: string;
  roles: { id: string; name: string }[];
  /** Roles in parts of the organization. */
  scoped?: { scope: "workspace" | "deployment" | "dag"; of: string; role: string }[];
  /** Since when, RFC 3339 UTC; empty if the service does not tell. */
  created: string;
}

/** An organization; its name is empty where the service does not tell it. */
export interface Organization {
  id: string;
  name: string;
}

/** What a success told. */
export type Success =
  | { type: "organizations"; organizations: Organization[]; offset: number; total: number }
  | { type: "organization"; organization: Organization }
  | { type: "me"; id: string; email: string; name: string; roles: { organization: string; role: string }[] }
  | { type: "users"; users: User[]; offset: number; total: number | null; organization?: Organization }
  | { type: "user"; user: User }
  | {
      type: "roles";
      roles: Role[];
      offset: number;
      /** On Astro the built-in roles are not counted. */
      total: number;
    }
  | { type: "teams"; teams: { name: string; role: string | null; managed: boolean }[]; offset: number; total: number }
  | { type: "workspaces"; workspaces: { id: string; name: string }[]; offset: number; total: number }
  | { type: "invited"; email: string; user: User | null; invite: string | null; expires: string }
  | { type: "rolesSet"; user: string; roles: string[] }
  | { type: "withdrawn"; invite: string }
  | { type: "removed"; user: string };

/** Why a call did not succeed. */
export interface Failure {
  /**
   * `refused`: the service said no; `unreadable`: its answer is none that this call has; the others
   * are a gateway's.
   */
  type: "refused" | "unreadable" | "unreachable" | "unanswered" | "signedOut" | "notForwarded" | "failed";
  issue: Issue;
  status?: number;
  /** The service's id of the request, for its support. */
  requestId?: string;
  /** How long to wait before the next try: seconds from now, or seconds since 1970-01-01 UTC. */
  retryAfter?: { type: "seconds" | "at"; seconds: number };
  /** Whether the change may have happened all the same. */
  mayBeDone: boolean;
  /** Whether sending the same call again does no harm: nothing was done, or twice is as good as once. */
  repeatsSafely: boolean;
}

/** What an answer means. */
export type Answer = Success | Failure;

/**
 * Reads the answer to a call.
 *
 * @example
 * const response = await fetch(request.url, request);
 * const answer = readResponse(call, { status: response.status, headers: response.headers, body: await response.text() });
 * if (answer.type === "users") answer.users.length;
 * else if (answer.type === "refused") answer.issue.message;
 */
export function readResponse(
  call: Call,
  response: {
    /** From 100 to 999. */
    status: number;
    headers?: Iterable<readonly [string, string]> | Record<string, string | readonly string[] | undefined> | null | undefined;
    body?: string | ArrayBuffer | ArrayBufferView | null | undefined;
  },
): Answer;

/**
 * A role as a schema: gives its id. Where nothing was entered, `params.what` of the `Empty` issue is `role`.
 *
 * @example
 * const result = roleSchema("astro")["~standard"].validate("organization owner");
 * if (!result.issues) result.value; // "ORGANIZATION_OWNER"
 */
export function roleSchema(
  service: Service,
  options?: { roles?: readonly GivenRole[] | undefined; messages?: Messages | undefined },
): Schema<string>;

/**
 * A list of recipients as a schema: a text, or an array of addresses and recipients; both are read
 * alike, each plain string of an array as a row with one recipient. Gives each recipient once, and takes what it gives.
 *
 * The `path` of an issue is the index of its row, then `email` or `role`; of a plain string in an array
 * it is the index alone. Beside the errors of addresses and roles there are `Duplicate` (the row gives
 * the recipient of row `params.row` another role), and of the list as a whole, without a path, `TooMany`
 * (`params.leftOut` rows more than `params.max`) and `Empty`. `params.what` tells what an `Empty` issue
 * misses: `address`, `role` or `recipients`.
 *
 * @example
 * const result = recipientsSchema({ service: "astro" })["~standard"].validate("ann@example.com\nbob");
 * result.issues?.[0].path; // [1, "email"]
 */
export function recipientsSchema(
  options?: RecipientsOptions & { messages?: Messages | undefined },
): Schema<string | readonly (string | GivenRecipient)[], Recipient[]>;
