//! The console's sentences in one place.

use rolecall_core::directory::{Scope, Status};
use rolecall_core::plan::{Act, Acts, Failure, Guard};
use rolecall_core::role::Tier;

pub(crate) use self::dates::{minute, period};
pub(crate) use self::direction::isolated;

mod dates;
mod direction;

/// A number with its thousands apart.
pub(crate) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How far the reading of a list is: lines read, and compared.
pub(crate) fn working((read, compared): (usize, usize)) -> String {
    match compared {
        0 => format!("Reading: {} lines…", number(read)),
        n => format!("Comparing: {} of {} lines…", number(n), number(read)),
    }
}

/// Said when an organization cannot be read; the one before stays.
pub(crate) fn did_not_open(name: &str, failure: &Failure) -> String {
    let (title, why) = not_opened(name, failure);
    format!("{title}. {why}")
}

/// The same as a title and a sentence. The name of an organization that only an address named is not known.
pub(crate) fn not_opened(name: &str, failure: &Failure) -> (String, String) {
    let name = match name {
        "" => "This organization".to_owned(),
        name => isolated(name).into_owned(),
    };
    (format!("{name} did not open"), self::failure(failure))
}

/// Said of a connection that an address names and nobody knows.
pub(crate) fn no_connection(id: &str) -> (String, String) {
    let title = format!("There is no connection “{}” here", isolated(id));
    let why = "It may have been closed, or Rolecall was started with others.";
    (title, why.to_owned())
}

/// Said when no organization can be shown, or there is none.
pub(crate) fn nothing_read(failure: Option<&Failure>) -> (String, String) {
    match failure {
        Some(failure) => (
            "No organization could be read".to_owned(),
            self::failure(failure),
        ),
        None => (
            "There is no organization".to_owned(),
            "The token of this connection reaches none.".to_owned(),
        ),
    }
}

/// How many users are shown, of how many, and whether more are coming.
pub(crate) fn count(shown: usize, loaded: usize, total: Option<u32>, complete: bool) -> String {
    let users = |n: usize| {
        if n == 1 {
            "1 user".to_owned()
        } else {
            format!("{} users", number(n))
        }
    };
    let total = total.map_or(loaded, |total| (total as usize).max(loaded));
    match (complete, shown == loaded) {
        (true, true) => users(loaded),
        (true, false) => format!("{} of {} shown", number(shown), number(loaded)),
        (false, true) => format!("{} of {} loaded", number(loaded), number(total)),
        (false, false) => {
            format!(
                "{} shown, {} of {} loaded",
                number(shown),
                number(loaded),
                number(total)
            )
        }
    }
}

/// Standing, for people.
pub(crate) fn status(status: &Status) -> String {
    let word = status.as_str();
    let mut letters = word.chars();
    let first = letters
        .next()
        .map(|c| c.to_ascii_uppercase().to_string())
        .unwrap_or_default();
    match status {
        Status::Other(text) => text.clone(),
        _ => first + letters.as_str(),
    }
}

/// What stands below the address of somebody who has not joined yet.
pub(crate) const INVITED: &str = "invited, not yet joined";

/// Said of a team that nobody here can change.
pub(crate) const BY_IDENTITY_PROVIDER: &str = ", managed by your identity provider";

/// Said where there is no user with the id of the address.
pub(crate) const NO_SUCH_USER: &str =
    "Nobody in this organization has this id. The person may have been removed.";

/// Said of a user who could not be read once more, before why.
pub(crate) const NOT_READ_AGAIN: &str = "This is what the list said; the user alone was not read.";

/// Why nothing can be changed while the list cannot be read.
pub(crate) const NOT_WHILE_UNREACHABLE: &str =
    "Nothing can be changed while the service cannot be reached.";

/// When the rows were as they are shown.
pub(crate) fn as_of(at: &str) -> String {
    format!("as of {} UTC", minute(at))
}

/// Said when the roles of somebody are not any more what the form showed.
pub(crate) fn changed_meanwhile(who: &str, before: &str, now: &str) -> String {
    let who = isolated(who);
    format!(
        "Somebody else changed {who} meanwhile: {before} when you looked, {now} now. Nothing was sent. Is your change still right?"
    )
}

/// Said when a change that was shown already had to be taken back.
pub(crate) fn taken_back(who: &str, why: &str) -> String {
    let who = isolated(who);
    format!("The role of {who} was not changed. {why}")
}

/// Said of a file that holds no text.
pub(crate) fn no_text(name: &str) -> String {
    format!("{name} is no text. Of a workbook, save the sheet as CSV and take that.")
}

/// Said when nobody can tell whether a change was made.
pub(crate) fn not_known(who: &str, why: &str) -> String {
    let who = isolated(who);
    format!("Whether the role of {who} was changed is not known: read the list again. {why}")
}

/// Said where no view is saved.
pub(crate) const NO_VIEWS: &str = "No view of this organization is saved yet.";

/// Said where there is nothing to save.
pub(crate) const NOTHING_TO_SAVE: &str = "Search, filter or sort first; that is what a view keeps.";

/// What a view keeps.
pub(crate) const WHAT_IS_SAVED: &str = "The search with its filters and the order are kept in this browser, and nothing of the people.";

/// Filters that are not shown at once.
pub(crate) const MORE_FILTERS: &str = "Domains, scoped roles, dates";

/// The same for a service that tells neither scoped roles nor dates.
pub(crate) const DOMAINS: &str = "Domains";

/// Users with a role in a kind of part.
pub(crate) fn with_role_in(scope: Scope) -> &'static str {
    match scope {
        Scope::Workspace => "In workspaces",
        Scope::Deployment => "In deployments",
        Scope::Dag => "In DAGs",
    }
}

/// What a condition about parts of the organization asks for.
pub(crate) fn scope_asked(scope: &str) -> &'static str {
    match scope {
        "workspace" => "with a role in a workspace",
        "deployment" => "with a role in a deployment",
        "dag" => "with a role in a DAG",
        _ => "with a role in a part",
    }
}

/// Name of the chips.
pub(crate) const CONDITIONS: &str = "Conditions of the search";

/// Heading of two roles side by side.
pub(crate) const COMPARE_ROLES: &str = "The difference between two roles";

/// Said where permissions are not known.
pub(crate) const NO_PERMISSIONS: &str = "The service has not told what each of the two permits.";

/// Said of a role in the search which the organization does not have.
pub(crate) const NO_SUCH_ROLE: &str = "The organization has no such role.";

/// Said of keys that do something by themselves.
pub(crate) const SINGLE_KEYS: &str = "Single keys do something outside fields. Turn them off if they get in the way of speech input or a screen reader.";

/// Keys and what they do, with Control and in the table.
pub(crate) const KEYS: [(&str, &str); 9] = [
    ("Ctrl K", "Go to, find or do anything"),
    ("↑ ↓", "Row before, row after"),
    ("← →", "Within the row"),
    ("Page ↑ ↓", "A screen of rows"),
    ("Home End", "First row, last row"),
    ("Space", "Select the row; with Shift as far as the last one"),
    ("Enter", "Open the user’s panel"),
    ("Esc", "Close what is open"),
    ("Shift click", "On a column’s head: sort by it as well"),
];

/// The button that takes back other single keys.
pub(crate) const USUAL_KEYS: &str = "Usual keys";

/// How many lines a list has, and what Enter does.
pub(crate) fn results(found: usize, shown: usize) -> String {
    match (found, shown) {
        (0, _) => "Nothing matches.".to_owned(),
        (1, _) => "1 result; Enter takes it.".to_owned(),
        (n, shown) if shown < n => format!(
            "The first {} of {}; type to narrow, Enter takes the first.",
            number(shown),
            number(n)
        ),
        (n, _) => format!("{} results; Enter takes the first.", number(n)),
    }
}

/// How many entries of the journal match, and whether there may be more.
pub(crate) fn entries(found: usize, more: bool) -> String {
    match (found, more) {
        (0, _) => "Nothing in the journal matches.".to_owned(),
        (1, false) => "1 entry matches.".to_owned(),
        (n, false) => format!("{} entries match.", number(n)),
        (n, true) => format!("The last {} entries that match; there are more.", number(n)),
    }
}

/// Where a search for people everywhere has looked.
pub(crate) fn looked_in(known: usize, places: usize) -> String {
    format!(
        "Looked among the users seen last in {} of {} organizations.",
        number(known.min(places)),
        number(places)
    )
}

/// How far the reading of other organizations is.
pub(crate) fn reading_others(read: usize, all: usize, failed: usize) -> String {
    let failed = match failed {
        0 => String::new(),
        n => format!(", {} could not be read", number(n)),
    };
    format!("{} of {} read{failed}", number(read), number(all))
}

/// Said where a user's history is empty.
pub(crate) const NO_HISTORY: &str = "Nothing about this person has been changed from here.";

/// Said of somebody who is in no team.
pub(crate) const NO_TEAMS: &str = "In no team.";

/// Said of a role that may change users, behind what it may do.
pub(crate) const MANAGES_USERS: &str = " May invite, change and remove users.";

/// Said when something is in the clipboard.
pub(crate) fn copied(what: &str) -> String {
    format!("Copied: {what}.")
}

/// Said when the browser refuses the clipboard.
pub(crate) const NO_CLIPBOARD: &str = "The browser does not allow copying here.";

/// A role's key as words: `WORKSPACE_AUTHOR` is "Workspace author".
pub(crate) fn role_words(key: &str) -> String {
    let words = key.to_ascii_lowercase().replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => std::iter::once(first.to_ascii_uppercase())
            .chain(letters)
            .collect(),
        None => words,
    }
}

/// What a service does not tell.
pub(crate) fn no_names_and_dates(service: &str) -> String {
    format!("{service} tells neither names nor dates.")
}

/// Class name of a tier's color.
pub(crate) fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Owner => "owner",
        Tier::Admin => "admin",
        Tier::Observe => "observe",
        Tier::Member => "member",
    }
}

/// What was done, for a moment at the edge of the page.
pub(crate) fn done(act: Act, who: &str, roles: &str) -> String {
    let who = isolated(who);
    match act {
        Act::Invite => format!("Invited {who} as {roles}."),
        Act::Resend => format!("Sent the invitation of {who} again."),
        Act::ReRole => format!("{who} is {roles} now."),
        Act::Withdraw => format!("Withdrew the invitation of {who}."),
        Act::Remove => format!("Removed {who}."),
    }
}

/// What a plan does, as nouns: "3 invitations, 1 role change".
pub(crate) fn deeds(acts: &Acts) -> String {
    let all = [
        (acts.invite, "invitation", "invitations"),
        (
            acts.resend,
            "invitation sent again",
            "invitations sent again",
        ),
        (acts.re_role, "role change", "role changes"),
        (
            acts.withdraw,
            "invitation withdrawn",
            "invitations withdrawn",
        ),
        (acts.remove, "removal", "removals"),
    ];
    let some = all.into_iter().filter(|(n, ..)| *n > 0);
    let said = some.map(|(n, one, many)| match n {
        1 => format!("1 {one}"),
        n => format!("{} {many}", number(n)),
    });
    let said: Vec<String> = said.collect();
    match said.is_empty() {
        true => "nothing to do".to_owned(),
        false => said.join(", "),
    }
}

/// What a plan is about to do, as a title: "Invite 3 people to Cosmic Energy".
pub(crate) fn task(acts: &Acts, place: &str) -> String {
    let all = [
        (acts.invite, "invite ", "1 person", " people", "", "to"),
        (
            acts.resend,
            "send ",
            "1 invitation",
            " invitations",
            " again",
            "in",
        ),
        (
            acts.re_role,
            "change the role of ",
            "1 person",
            " people",
            "",
            "in",
        ),
        (
            acts.withdraw,
            "withdraw ",
            "1 invitation",
            " invitations",
            "",
            "in",
        ),
        (acts.remove, "take ", "1 person", " people", " out", "of"),
    ];
    let mut said = Vec::new();
    let mut preposition = "in";
    for (n, verb, one, many, behind, with) in all {
        let whom = match n {
            0 => continue,
            1 => one.to_owned(),
            n => format!("{}{many}", number(n)),
        };
        preposition = if said.is_empty() { with } else { "in" };
        said.push(format!("{verb}{whom}{behind}"));
    }
    let last = said.pop().unwrap_or_else(|| "nothing to do".to_owned());
    let text = match said.is_empty() {
        true => last,
        false => format!("{} and {last}", said.join(", ")),
    };
    format!("{} {preposition} {place}", capital(&text))
}

/// What a step is going to do, behind the address of the person.
pub(crate) fn intended(act: Act, before: &str, after: &str) -> String {
    match act {
        Act::Invite => format!("invite as {after}"),
        Act::Resend => format!("send the invitation again, as {after}"),
        Act::ReRole => format!("{before} → {after}"),
        Act::Withdraw => "withdraw the invitation".to_owned(),
        Act::Remove => "remove from the organization".to_owned(),
    }
}

/// How many people a question names by itself: more of them would hide what else there is to read.
const NAMED: usize = 10;

/// A question before a plan is sent.
pub(crate) fn question(guard: &Guard) -> String {
    let several = |what: &str, who: &[String]| {
        let (named, more) = named(who);
        let end = match more.len() {
            0 => ".".to_owned(),
            more => format!(" and {} more.", number(more)),
        };
        format!(
            "{} people {what}: {}{end}",
            number(who.len()),
            named.join(", ")
        )
    };
    match guard {
        Guard::Escalation { role, who } => match who.as_slice() {
            [one] => format!("{one} becomes {role}."),
            many => several(&format!("become {role}"), many),
        },
        Guard::OwnRole { after, .. } => {
            format!("You lower your own role: you keep {after}, and may be unable to undo this.")
        }
        Guard::OwnRemoval { .. } => "You take yourself out of this organization.".to_owned(),
        Guard::Removal { who } => match who.as_slice() {
            [one] => {
                format!("{one} loses access to this organization. The person's own account stays.")
            }
            many => several("lose access to this organization", many),
        },
        _ => "This needs a yes.".to_owned(),
    }
}

/// The people of a question that it names by itself, and the others.
fn named(who: &[String]) -> (&[String], &[String]) {
    // nobody is left over alone
    let named = if who.len() > NAMED + 1 {
        NAMED
    } else {
        who.len()
    };
    who.split_at(named)
}

/// The people of whom a question says only how many they are.
pub(crate) fn not_named(guard: &Guard) -> &[String] {
    match guard {
        Guard::Escalation { who, .. } | Guard::Removal { who } => named(who).1,
        _ => &[],
    }
}

/// What somebody must type before the plan is sent, if anything.
pub(crate) fn to_type(guard: &Guard) -> Option<&str> {
    match guard {
        Guard::OwnRole { email, .. } | Guard::OwnRemoval { email } => Some(email),
        _ => None,
    }
}

/// What went wrong and what to do, as sentences.
pub(crate) fn failure(failure: &Failure) -> String {
    let cause = sentence(&failure.to_string());
    let next = match failure {
        Failure::Unreachable { .. } => "What you see is as it was; try again.",
        Failure::Unanswered { .. } | Failure::Unreadable(_) => {
            "Read the list again to see how it stands."
        }
        Failure::Refused(refusal) => match refusal.status {
            401 => "Sign in with the vendor's CLI again, or use another token.",
            403 => "It takes a token with more rights.",
            404 => "It may be gone; read the list again.",
            429 => "Wait a moment and try again.",
            500.. => "Read the list again to see how it stands, then try again.",
            _ => "",
        },
        _ => "",
    };
    if next.is_empty() {
        cause
    } else {
        format!("{cause} {next}")
    }
}

/// Why a run was not paused, resumed or stopped.
pub(crate) fn not_steered(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable { .. } | Failure::Unanswered { .. } => format!(
            "{} It may not have reached the run, which this page shows as it is once Rolecall answers.",
            sentence(&failure.to_string())
        ),
        _ => self::failure(failure),
    }
}

/// Somebody invited the same person while a form was open.
pub(crate) fn invited_meanwhile(email: &str) -> String {
    format!(
        "{email} was invited meanwhile. Nothing was sent; press again to send another invitation, with these roles."
    )
}

/// Said where another organization was opened before anything was sent.
pub(crate) const NOTHING_SENT: &str = "Another organization is open now; nothing was sent.";

/// Said where something is to be sent that is so already.
pub(crate) const NOTHING_CHANGES: &str = "That is so already; choose something else.";

/// What a button says while it waits for the list of users.
pub(crate) const READING_AGAIN: &str = "Reading the list again…";

/// Said where a list was read again, and nothing of what was wanted is left to do.
pub(crate) const NOTHING_LEFT: &str = "Meanwhile it is so already: nothing is left to send.";

/// Why nothing is planned: the list it would go by cannot be read.
pub(crate) fn not_fresh(failure: &Failure) -> String {
    format!(
        "The list cannot be read as it is now, so nothing was sent. {}",
        self::failure(failure)
    )
}

/// A name as a file may have it on any system.
pub(crate) fn file_name(name: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || "-_.@".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = name.trim().chars().map(plain).take(80).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() {
        "users".to_owned()
    } else {
        name.to_owned()
    }
}

/// A text as a sentence: a capital letter first, a full stop last, quotes as people write them.
pub(crate) fn sentence(text: &str) -> String {
    stopped(capital(&quoted(text)))
}

/// A sentence on somebody, whose address is written as it is: "ada@b.example is the last active Owner."
pub(crate) fn of_person(who: &str, why: &str) -> String {
    // what has no verb of the person's, or a subject of its own, stands behind a colon
    let goes_on = ["is ", "was ", "has ", "had ", "cannot "];
    let colon = if goes_on.iter().any(|it| why.starts_with(it)) {
        ""
    } else {
        ":"
    };
    stopped(format!("{}{colon} {}", isolated(who), quoted(why)))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

fn stopped(mut text: String) -> String {
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

/// A message with quotation marks where core, whose messages are also for programs, writes backticks.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    let mut open = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, open) {
            ('`', false) => {
                quoted.push('“');
                open = true;
            }
            // the backtick that is quoted
            ('`', true) if letters.peek() == Some(&'`') => quoted.push('`'),
            ('`', true) => {
                quoted.push('”');
                open = false;
            }
            _ => quoted.push(letter),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(n), text);
        }
    }

    #[test]
    fn a_question_names_some_people_and_none_is_lost() {
        let many = |n: usize| Guard::Removal {
            who: (0..n).map(|i| format!("p{i}@b.co")).collect(),
        };
        let asked = |n| (question(&many(n)), not_named(&many(n)).len());
        assert_eq!(
            asked(2),
            (
                "2 people lose access to this organization: p0@b.co, p1@b.co.".to_owned(),
                0
            )
        );
        assert_eq!(asked(11).1, 0);
        let (text, others) = asked(1_400);
        assert!(text.ends_with("p9@b.co and 1,390 more."), "{text}");
        assert_eq!(others, 1_390);
        assert_eq!(not_named(&many(12)), ["p10@b.co", "p11@b.co"]);
    }

    #[test]
    fn the_count_says_what_is_there() {
        assert_eq!(count(1, 1, Some(1), true), "1 user");
        assert_eq!(
            count(312, 10_000, Some(10_000), true),
            "312 of 10,000 shown"
        );
        assert_eq!(
            count(3000, 3000, Some(10_000), false),
            "3,000 of 10,000 loaded"
        );
        assert_eq!(
            count(12, 3000, Some(10_000), false),
            "12 shown, 3,000 of 10,000 loaded"
        );
    }

    #[test]
    fn what_a_plan_does_is_told_as_nouns_and_as_a_title() {
        let acts = |invite, re_role, remove| Acts {
            invite,
            re_role,
            remove,
            ..Acts::default()
        };
        assert_eq!(deeds(&acts(1, 0, 0)), "1 invitation");
        assert_eq!(
            deeds(&acts(3000, 2, 1)),
            "3,000 invitations, 2 role changes, 1 removal"
        );
        for (acts, title) in [
            (acts(28, 0, 0), "Invite 28 people to Cosmic Energy"),
            (
                acts(0, 1, 0),
                "Change the role of 1 person in Cosmic Energy",
            ),
            (acts(0, 0, 2), "Take 2 people out of Cosmic Energy"),
            (
                acts(1, 3, 0),
                "Invite 1 person and change the role of 3 people in Cosmic Energy",
            ),
        ] {
            assert_eq!(task(&acts, "Cosmic Energy"), title);
        }
    }

    #[test]
    fn an_address_keeps_its_small_letter_and_a_sentence_its_one_subject() {
        let said = |why| of_person("ada@b.example", why);
        assert_eq!(
            said("is in the organization already, as Owner"),
            "ada@b.example is in the organization already, as Owner."
        );
        assert_eq!(
            said("Astro cannot remove a member"),
            "ada@b.example: Astro cannot remove a member."
        );
    }

    #[test]
    fn what_is_quoted_stands_between_quotation_marks() {
        assert_eq!(
            sentence("no role `OWNR`, near `A` or `B`"),
            "No role “OWNR”, near “A” or “B”."
        );
        assert_eq!(sentence("remove this: ```"), "Remove this: “`”.");
    }

    #[test]
    fn a_file_is_named_on_any_system() {
        assert_eq!(
            file_name("Cosmic Energy: R&D / EU"),
            "Cosmic-Energy--R-D---EU"
        );
        assert_eq!(file_name("../.."), "users");
    }

    #[test]
    fn a_failure_says_cause_and_next_step() {
        let unreachable = Failure::Unreachable {
            message: "connection refused".to_owned(),
        };
        assert_eq!(
            failure(&unreachable),
            "The service cannot be reached: connection refused. What you see is as it was; try again."
        );
    }

    #[test]
    fn news_is_shown_as_the_service_writes_it() {
        assert_eq!(status(&Status::Active), "Active");
        assert_eq!(status(&Status::Other("ON_LEAVE".to_owned())), "ON_LEAVE");
    }
}
