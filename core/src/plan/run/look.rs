//! Overwriting nothing: the person of a step is read right before it is sent.

use super::super::planner::same_roles;
use super::super::{Act, Change, Failure, Step};
use super::{Progress, Run, Standing};
use crate::directory::UserId;
use crate::role::RoleId;

/// Why a step is not sent that would undo what somebody else did.
pub(super) const CHANGED_MEANWHILE: &str =
    "somebody else changed the roles meanwhile; nothing was sent";

impl Run {
    /// Whom to read before a step is sent that [`next`](Self::next) gave, and to tell [`looked`](Self::looked): it would
    /// overwrite what somebody else changed since the plan was made. Nobody where nobody was found by the plan, where
    /// the step before it made the person what it is, or where the step may have been done already.
    pub fn looks_at(&self, step: usize) -> Option<&UserId> {
        let Progress {
            sent,
            again,
            unsure,
            ..
        } = self.progress[step];
        let is_first = sent == 1 && !again && !unsure && !self.followers.contains(&step);
        self.plan.steps[step].user.as_ref().filter(|_| is_first)
    }

    /// Takes in how the person of a step stands at `now`, before it is sent; tells whether it is to be sent.
    pub fn looked(
        &mut self,
        step: usize,
        person: Result<Change, Failure>,
        now: u64,
        dice: u64,
    ) -> bool {
        if self.progress[step].standing != Standing::Sent {
            return false;
        }
        if self.stopped || self.pause.is_some() {
            self.progress[step].sent -= 1;
            self.wait_again(step, now);
            return false;
        }
        let Step {
            act, before, after, ..
        } = &self.plan.steps[step];
        let failure = match person {
            Ok(Change::User { user }) => {
                let held: Vec<RoleId> = user.roles.into_iter().map(|role| role.id).collect();
                if same_roles(&held, before) {
                    return true;
                }
                let standing = match act {
                    Act::ReRole if same_roles(&held, after) => Standing::AlreadySo,
                    _ => Standing::Refused {
                        failure: Failure::NotForwarded {
                            message: CHANGED_MEANWHILE.to_owned(),
                        },
                    },
                };
                self.progress[step].sent -= 1;
                self.end(step, standing);
                return false;
            }
            // whoever is gone is not overwritten, and the service says so itself
            Err(failure) if failure.status() == Some(404) => return true,
            Err(failure) if matches!(failure.status(), Some(401 | 403 | 429)) => failure,
            // nothing was sent, whatever became of the reading
            other => Failure::Unreachable {
                message: match other {
                    Err(failure) => format!("the person cannot be read: {failure}"),
                    Ok(_) => "the person cannot be read".to_owned(),
                },
            },
        };
        self.record(step, Err(failure), now, dice);
        false
    }
}
