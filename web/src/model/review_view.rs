//! A line of a list under review, in words.

use rolecall_core::directory::Directory;
use rolecall_core::plan::labels;
use rolecall_core::review::{Review, Verdict};

use super::words;

/// What a line does, as one of a few kinds: the buttons above the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Invites.
    Invite,
    /// Changes a role.
    ReRole,
    /// Sends an invitation again.
    Again,
    /// Nothing to do, or left out.
    Nothing,
    /// Has to be mended first.
    Mend,
}

impl Kind {
    /// All, in the order in which they are shown.
    pub(crate) const ALL: [Self; 5] = [
        Self::Invite,
        Self::ReRole,
        Self::Again,
        Self::Nothing,
        Self::Mend,
    ];

    /// What a line does, as things stand.
    pub(crate) fn of(review: &Review, index: usize, verdict: &Verdict) -> Self {
        let goes = review.goes(index, verdict);
        match verdict {
            _ if verdict.is_wrong() => Self::Mend,
            Verdict::New { .. } if goes => Self::Invite,
            Verdict::OtherRole { .. } if goes => Self::ReRole,
            Verdict::Pending { .. } if goes => Self::Again,
            _ => Self::Nothing,
        }
    }

    /// Words behind its number.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Invite => "to invite",
            Self::ReRole => "to re-role",
            Self::Again => "to send again",
            Self::Nothing => "nothing to do",
            Self::Mend => "to mend",
        }
    }

    /// Its class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Invite => "ok",
            Self::ReRole | Self::Again => "wait",
            Self::Nothing => "off",
            Self::Mend => "bad",
        }
    }
}

/// What happens to a line, as a sentence, and the mend to offer: the words on its button.
pub(crate) fn sentence(
    review: &Review,
    index: usize,
    verdict: &Verdict,
    directory: &Directory,
    can_resend: bool,
) -> (String, Option<Mend>) {
    let goes = review.goes(index, verdict);
    let address = |text: &Option<String>| text.clone().map(Mend::Address);
    match verdict {
        Verdict::New {
            suggestion: Some(better),
        } => {
            // the button beside it names the better address
            let text = if goes {
                "new; a slip?"
            } else {
                "left out; a slip?"
            };
            (text.to_owned(), Some(Mend::Address(better.clone())))
        }
        Verdict::New { suggestion: None } => {
            (if goes { "new" } else { "left out" }.to_owned(), None)
        }
        Verdict::Same { pending: true } => ("invited already, with this role".to_owned(), None),
        Verdict::Same { pending: false } => ("in the organization already".to_owned(), None),
        Verdict::OtherRole { held, .. } => {
            let held = labels(directory, held);
            let then = if goes {
                "changes role"
            } else {
                "stays so; tick to change"
            };
            (format!("is {held} now, {then}"), None)
        }
        Verdict::Pending { .. } if !can_resend => {
            ("invited already, not yet joined".to_owned(), None)
        }
        Verdict::Pending { held, .. } => {
            let then = if goes {
                "is sent again"
            } else {
                "tick to send again"
            };
            match held.is_empty() {
                true => (format!("invited already, {then}"), None),
                false => {
                    let held = labels(directory, held);
                    (format!("invited already as {held}, {then}"), None)
                }
            }
        }
        Verdict::Duplicate { of } => {
            let first = review.lines.get(*of);
            let number = first.map_or(0, |line| line.number);
            // a line that gives no role contradicts nobody
            let roles = &review.lines[index].roles;
            let other = roles.is_some() && first.is_some_and(|first| first.roles != *roles);
            let said = match other {
                true => {
                    format!("the same person as line {number}, which counts, with another role")
                }
                false => format!("the same as line {number}"),
            };
            (said, None)
        }
        Verdict::Invalid { error, suggestion } => {
            let place = place(&review.lines[index].address, error.at);
            (
                format!("{}{place}", words::quoted(&error.to_string())),
                address(suggestion),
            )
        }
        Verdict::UnknownId => ("there is no user with this id here".to_owned(), None),
        Verdict::UnknownRole { error } => {
            let nearest = error.nearest.as_ref();
            (
                match nearest {
                    // the button beside it names that one
                    Some(_) => format!("there is no role “{}”", error.text),
                    None => words::quoted(&error.to_string()),
                },
                nearest.map(|it| Mend::Role(it.id.clone(), it.label.clone())),
            )
        }
    }
}

/// What stands before the wrong part of an address, and that part: a character, or the place behind
/// the last.
pub(crate) fn marked(address: &str, verdict: &Verdict) -> Option<(String, String)> {
    let Verdict::Invalid { error, .. } = verdict else {
        return None;
    };
    let (before, rest) = address.split_at_checked(error.at)?;
    let wrong = rest.chars().next().unwrap_or('\u{A0}');
    Some((before.to_owned(), wrong.to_string()))
}

/// A mend that is offered; never applied by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mend {
    /// Another address.
    Address(String),
    /// A role: its id and its label.
    Role(rolecall_core::role::RoleId, String),
}

impl Mend {
    /// What the button says.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Address(address) => format!("Use {address}"),
            Self::Role(_, label) => format!("Use {label}"),
        }
    }
}

fn place(address: &str, at: usize) -> String {
    if at >= address.trim_end().len() {
        return String::new();
    }
    format!(
        " (character {})",
        address.get(..at).unwrap_or_default().chars().count() + 1
    )
}

/// What a plan will take: calls, and time where there is a pace (calls a second, and whether the service
/// publishes that limit), as a sentence.
pub(crate) fn cost(calls: usize, milliseconds: u64, pace: Option<(u32, bool)>) -> String {
    let calls_text = if calls == 1 {
        "1 call".to_owned()
    } else {
        format!("{} calls", words::number(calls))
    };
    let Some((rate, published)) = pace else {
        return format!("{calls_text}.");
    };
    let limit = if published {
        "the service’s limit"
    } else {
        "a careful pace"
    };
    format!(
        "{calls_text}, about {} at {limit} of {rate} a second.",
        duration(milliseconds)
    )
}

/// A time in words: seconds up to two minutes, then minutes.
pub(crate) fn duration(milliseconds: u64) -> String {
    match milliseconds.div_ceil(1000).max(1) {
        1 => "1 second".to_owned(),
        seconds @ 2..120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::email::NoMapping;
    use rolecall_core::service::Service;

    use super::*;

    fn say(text: &str) -> Vec<(Kind, String, Option<String>)> {
        let directory = Directory::new(Service::Astro.known_roles());
        let review = Review::read(text, directory.roles(), 100, &NoMapping);
        let verdicts = review.verdicts(&directory, &Service::Astro.default_roles());
        let each = verdicts.iter().enumerate().map(|(index, verdict)| {
            let (text, mend) = sentence(&review, index, verdict, &directory, false);
            (
                Kind::of(&review, index, verdict),
                text,
                mend.map(|it| it.text()),
            )
        });
        each.collect()
    }

    #[test]
    fn a_line_says_what_happens_and_offers_a_mend() {
        let said = say(
            "lena@example.org\npriya@example.org;\ntom@gmial.com\nlena@example.org\nmax@example,org x@y.example",
        );
        assert_eq!(said[0], (Kind::Invite, "new".to_owned(), None));
        let slip = said.iter().find(|(_, _, mend)| mend.is_some()).unwrap();
        assert_eq!(slip.2.as_deref(), Some("Use tom@gmail.com"));
        assert!(
            said.iter()
                .any(|(kind, text, _)| *kind == Kind::Nothing && text == "the same as line 1")
        );
        assert!(said.iter().any(|(kind, ..)| *kind == Kind::Mend));
    }

    #[test]
    fn the_wrong_part_is_marked() {
        let directory = Directory::new(Service::Astro.known_roles());
        let mark = |address: &str| {
            let review = Review::read(address, &[], 1, &NoMapping);
            let verdicts = review.verdicts(&directory, &[]);
            marked(&review.lines[0].address, &verdicts[0])
        };
        let wrong = |before: &str, part: &str| Some((before.to_owned(), part.to_owned()));
        assert_eq!(mark("ann@@example.org"), wrong("ann@", "@"));
        assert_eq!(mark("ann@example"), wrong("ann@example", "\u{A0}"));
        assert_eq!(mark("ann@example.org"), None);
    }

    #[test]
    fn the_cost_is_said_before() {
        assert_eq!(
            cost(5, 500, Some((10, true))),
            "5 calls, about 1 second at the service’s limit of 10 a second."
        );
        // where nothing limits them, nobody can say
        assert_eq!(cost(30, 3_000, None), "30 calls.");
        assert_eq!(duration(300_000), "5 minutes");
        assert_eq!(duration(41_000), "41 seconds");
    }
}
