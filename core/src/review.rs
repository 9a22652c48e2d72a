//! A list in front of somebody who looks it over before anything is sent: what each line would do, what
//! is wrong with it, and what was decided about it.

use std::ops::Range;

use crate::directory::{Directory, UserId};
use crate::email::{InvalidEmail, Mapping};
use crate::plan::{Intent, RoleChange};
use crate::recipients::Who;
use crate::role::{InvalidRole, Role, RoleId};

mod decided;
mod judging;
mod reading;

pub use decided::Decided;
pub use judging::Judging;
pub use reading::Reading;

/// A list under review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// Entries beyond the limit, which were not read.
    pub left_out: usize,
}

/// One line of the list, with what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Line of the text on which it stands, from 1.
    pub number: u32,
    /// Where it stands in the text: octets, on character boundaries.
    pub span: Range<usize>,
    /// The address as written or edited.
    pub address: String,
    /// What the address is.
    pub who: Result<Who, InvalidEmail>,
    /// The roles that the line gives, as far as they are such; `None` if it gives none.
    pub roles: Option<Result<Vec<RoleId>, InvalidRole>>,
    /// What somebody decided, if not what is done by itself.
    pub decision: Option<bool>,
    /// Whether somebody gave it another address or other roles.
    pub mended: bool,
}

/// What a line would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Invites somebody new.
    New {
        /// A corrected address, where this one looks like a slip.
        suggestion: Option<String>,
    },
    /// The person is a user, or invited, and has these roles already.
    Same {
        /// Whether the invitation is pending.
        pending: bool,
    },
    /// The person is a user and has other roles.
    OtherRole {
        /// Who.
        user: UserId,
        /// Roles held now.
        held: Vec<RoleId>,
    },
    /// The person is invited and has not joined yet; the invitation can be sent again.
    Pending {
        /// Who.
        user: UserId,
        /// Roles that the invitation gives, which it gives again.
        held: Vec<RoleId>,
    },
    /// Another line names the same person.
    Duplicate {
        /// Index of the first.
        of: usize,
    },
    /// The address is none.
    Invalid {
        /// Why, and where in the address.
        error: InvalidEmail,
        /// A corrected address.
        suggestion: Option<String>,
    },
    /// There is nobody with this id.
    UnknownId,
    /// The role is none.
    UnknownRole {
        /// Why, and the nearest one.
        error: InvalidRole,
    },
}

impl Verdict {
    /// Whether the line has to be mended before it can do anything.
    pub fn is_wrong(&self) -> bool {
        matches!(
            self,
            Self::Invalid { .. } | Self::UnknownId | Self::UnknownRole { .. }
        )
    }

    /// Whether the line does something by itself: an invitation does; another role only if the line
    /// says which; a mail to somebody who has one already never.
    pub fn goes_by_itself(&self, line: &Line) -> bool {
        match self {
            Self::New { .. } => true,
            Self::OtherRole { .. } => line.roles.is_some(),
            _ => false,
        }
    }

    /// Whether somebody may decide about the line.
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::New { .. } | Self::OtherRole { .. } | Self::Pending { .. }
        )
    }
}

impl Review {
    /// Reads a list; `roles` are those of the organization.
    pub fn read(text: &str, roles: &[Role], max_entries: usize, mapping: &impl Mapping) -> Self {
        let mut reading = Reading::new(text, roles, max_entries, mapping);
        while reading.read_on(usize::MAX) {}
        reading.finish()
    }

    /// What each line would do, with these roles for lines that give none.
    pub fn verdicts(&self, directory: &Directory, default_roles: &[RoleId]) -> Vec<Verdict> {
        let mut judging = Judging::default();
        while judging.judge_on(self, directory, default_roles, usize::MAX) {}
        judging.finish()
    }

    /// Whether a line will be sent: what was decided, else what is done by itself.
    pub fn goes(&self, index: usize, verdict: &Verdict) -> bool {
        let line = &self.lines[index];
        verdict.is_open()
            && line
                .decision
                .unwrap_or_else(|| verdict.goes_by_itself(line))
    }

    /// What is wanted of all lines that go, each with the index of its line.
    pub fn intents(&self, verdicts: &[Verdict], default_roles: &[RoleId]) -> Vec<(usize, Intent)> {
        let intent = |(index, verdict): (usize, &Verdict)| {
            if !self.goes(index, verdict) {
                return None;
            }
            let line = &self.lines[index];
            let roles = match (&line.roles, verdict) {
                (Some(Ok(roles)), _) => roles.clone(),
                // a line that gives no role says nothing about the roles of somebody who has some
                (_, Verdict::Pending { held, .. }) if !held.is_empty() => held.clone(),
                _ => default_roles.to_vec(),
            };
            let intent = match (verdict, &line.who) {
                (Verdict::OtherRole { user, .. }, _) => Intent::ReRole {
                    user: user.clone(),
                    change: RoleChange::Replace(roles),
                },
                (Verdict::Pending { .. }, Ok(Who::Email(email))) => Intent::Invite {
                    email: email.clone(),
                    roles,
                    resend: true,
                },
                (_, Ok(Who::Email(email))) => Intent::Invite {
                    email: email.clone(),
                    roles,
                    resend: false,
                },
                _ => return None,
            };
            Some((index, intent))
        };
        verdicts.iter().enumerate().filter_map(intent).collect()
    }

    /// Gives a line another address.
    pub fn edit(&mut self, index: usize, address: &str, mapping: &impl Mapping) {
        if let Some(line) = self.lines.get_mut(index) {
            line.who = Who::read(address, mapping);
            address.clone_into(&mut line.address);
            line.mended = true;
        }
    }

    /// Gives a line these roles; none is the default.
    pub fn give(&mut self, index: usize, roles: &[RoleId]) {
        if let Some(line) = self.lines.get_mut(index) {
            line.roles = (!roles.is_empty()).then(|| Ok(roles.to_vec()));
            line.mended = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{HeldRole, Status, User};
    use crate::email::NoMapping;
    use crate::plan::Change;
    use crate::service::Service;
    use crate::testing::user;

    const LIST: &str = "new@example.com\n\
        Omar <omar@example.com>, ORGANIZATION_BILLING_ADMIN\n\
        ada@example.com\n\
        pete@example.com\n\
        priya@example,com\n\
        NEW@example.com\n";

    fn directory() -> Directory {
        let mut directory = Directory::new(Service::Astro.known_roles());
        for (id, email, status) in [
            ("u1", "Ada@example.com", Status::Active),
            ("u2", "pete@example.com", Status::Pending),
        ] {
            let roles = vec![HeldRole {
                id: "ORGANIZATION_MEMBER".into(),
                name: String::new(),
            }];
            directory.apply(&Change::User {
                user: User {
                    status,
                    roles,
                    ..user(id, email)
                },
            });
        }
        directory
    }

    fn review(text: &str) -> (Review, Vec<Verdict>) {
        let directory = directory();
        let review = Review::read(text, directory.roles(), usize::MAX, &NoMapping);
        let verdicts = review.verdicts(&directory, &Service::Astro.default_roles());
        (review, verdicts)
    }

    #[test]
    fn each_kind_of_line() {
        let (_, verdicts) =
            review("email,role\nnew@example.com,\nada@example.com,owner\nada@example.com,member\n");
        assert!(matches!(verdicts[0], Verdict::New { .. }));
        assert!(matches!(verdicts[1], Verdict::OtherRole { .. }));
        assert_eq!(verdicts[2], Verdict::Duplicate { of: 1 });
        let (_, verdicts) = review(
            "email,role\npete@example.com,member\nx@example.com,OWNR\nada@example.com,member\n",
        );
        assert!(matches!(verdicts[0], Verdict::Pending { .. }));
        assert!(matches!(&verdicts[1], Verdict::UnknownRole { error } if error.nearest.is_some()));
        assert_eq!(verdicts[2], Verdict::Same { pending: false });
        let (_, verdicts) = review("priya@example,com\nclm8qv74h000008mlf08scq7k");
        assert!(verdicts.iter().all(Verdict::is_wrong), "{verdicts:?}");
    }

    #[test]
    fn a_mended_address_keeps_the_role_beside_it() {
        let (mut review, _) = review("email,role\npriya@example,owner\nx@,OWNR");
        assert_eq!(
            review.lines[0].roles,
            Some(Ok(vec!["ORGANIZATION_OWNER".into()]))
        );
        assert!(matches!(review.lines[1].roles, Some(Err(_))));
        review.edit(0, "priya@example.com", &NoMapping);
        let verdicts = review.verdicts(&directory(), &Service::Astro.default_roles());
        let intents = review.intents(&verdicts, &Service::Astro.default_roles());
        assert!(
            matches!(&intents[0].1, Intent::Invite { roles, .. } if roles[0].as_str() == "ORGANIZATION_OWNER")
        );
    }

    #[test]
    fn a_wrong_role_changes_nobody_beside_it() {
        // an export guards what a spreadsheet could run; an id is an id also beside a slip
        let text = "email,id,role\n'+ann@example.com,,OWNR\n,clm8qv74h000008mlf08scq7k,OWNR\n";
        let (mut review, verdicts) = review(text);
        for (index, verdict) in verdicts.iter().enumerate() {
            assert!(
                matches!(verdict, Verdict::UnknownRole { .. } | Verdict::UnknownId),
                "{index}: {verdict:?}"
            );
            review.give(index, &["ORGANIZATION_OWNER".into()]);
        }
        let verdicts = review.verdicts(&directory(), &Service::Astro.default_roles());
        let intents = review.intents(&verdicts, &Service::Astro.default_roles());
        assert!(
            matches!(&intents[..], [(0, Intent::Invite { email, .. })] if email.as_str() == "+ann@example.com"),
            "{intents:?}"
        );
        assert_eq!(verdicts[1], Verdict::UnknownId);
        let id = "clm8qv74h000008mlf08scq7l";
        review.edit(1, id, &NoMapping);
        assert!(matches!(&review.lines[1].who, Ok(Who::User { id: it, .. }) if it == id));
    }

    #[test]
    fn what_was_decided_stays_with_lines_that_stay() {
        let before = "a@example.com\nb@example.com\nc@example\na@example.com";
        let (mut first, _) = review(before);
        first.give(0, &["ORGANIZATION_OWNER".into()]);
        first.lines[1].decision = Some(false);
        first.edit(2, "c@example.com", &NoMapping);
        let decided = first.decided(before);
        let after = "d@example.com\na@example.com\nc@example\n";
        let (mut second, _) = review(after);
        second.take_over(after, decided.clone(), &NoMapping);
        let told = second
            .lines
            .iter()
            .map(|it| (it.number, it.address.as_str(), it.mended));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                (1, "d@example.com", false),
                (2, "a@example.com", true),
                (3, "c@example.com", true)
            ]
        );
        assert_eq!(
            second.lines[1].roles,
            Some(Ok(vec!["ORGANIZATION_OWNER".into()]))
        );
        assert_eq!(&after[second.lines[2].span.clone()], "c@example");
        let (mut third, _) = review(before);
        third.take_over(before, vec![decided[1].clone()], &NoMapping);
        assert_eq!(third.lines[1].decision, Some(false));
        assert!(third.lines[1..].iter().all(|it| !it.mended));
    }

    #[test]
    fn what_was_decided_can_be_kept_as_json() {
        let text = "email,role\na@example,OWNR\nb@example.com,owner\nc@example.com,";
        let (mut first, _) = review(text);
        first.edit(0, "a@example.com", &NoMapping);
        first.lines[1].decision = Some(false);
        first.give(1, &[]);
        first.give(2, &["ORGANIZATION_OWNER".into()]);
        let kept = crate::json::to_text(&first.decided(text));
        let decided: Vec<Decided> = crate::json::from_slice(kept.as_bytes()).unwrap();
        let (mut second, _) = review(text);
        second.take_over(text, decided, &NoMapping);
        assert_eq!(second, first);
        assert!(
            matches!(second.lines[0].roles, Some(Err(_))),
            "a role that was not mended is still to be"
        );
    }

    #[test]
    fn what_goes_by_itself_and_what_was_decided() {
        let (mut review, verdicts) =
            review("email,role\nnew@example.com,\nada@example.com,owner\npete@example.com,\n");
        let defaults = Service::Astro.default_roles();
        let lines = |review: &Review| -> Vec<usize> {
            review
                .intents(&verdicts, &defaults)
                .into_iter()
                .map(|(index, _)| index)
                .collect()
        };
        assert_eq!(lines(&review), [0, 1], "nobody gets a second mail unasked");
        review.lines[0].decision = Some(false);
        review.lines[2].decision = Some(true);
        assert_eq!(lines(&review), [1, 2]);
    }

    #[test]
    fn a_list_without_roles_changes_nobodys_role() {
        let directory = directory();
        let review = Review::read("ada@example.com", directory.roles(), usize::MAX, &NoMapping);
        let verdicts = review.verdicts(&directory, &["ORGANIZATION_OWNER".into()]);
        assert_eq!(verdicts, [Verdict::Same { pending: false }]);
    }

    #[test]
    fn an_invitation_that_is_sent_again_gives_the_roles_that_it_gave() {
        let directory = directory();
        let mut review = Review::read("pete@example.com", directory.roles(), 10, &NoMapping);
        review.lines[0].decision = Some(true);
        let owner: [RoleId; 1] = ["ORGANIZATION_OWNER".into()];
        let verdicts = review.verdicts(&directory, &owner);
        let intents = review.intents(&verdicts, &owner);
        assert!(
            matches!(&intents[0].1, Intent::Invite { roles, resend: true, .. } if roles[0].as_str() == "ORGANIZATION_MEMBER"),
            "{intents:?}"
        );
    }

    #[test]
    fn an_edited_line_is_judged_again() {
        let (mut review, verdicts) = review(LIST);
        let wrong = verdicts.iter().position(Verdict::is_wrong).unwrap();
        review.edit(wrong, "priya@example.com", &NoMapping);
        let verdicts = review.verdicts(&directory(), &Service::Astro.default_roles());
        assert!(
            matches!(verdicts[wrong], Verdict::New { .. }),
            "{:?}",
            verdicts[wrong]
        );
    }
}
