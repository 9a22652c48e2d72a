//! Whether a reading is asked for once more. It changes nothing, so nobody has to decide.

use std::time::Duration;

use http::Response;
use rolecall_core::endpoint::{Backoff, RetryAfter};

use super::SendError;

/// How often a reading is repeated.
const TIMES: u32 = 2;

/// How long after the first request the last one may begin: somebody waits. Who has to wait longer is told why.
const WITHIN: Duration = Duration::from_secs(8);

/// Waits where a service asks for none, in milliseconds.
const BACKOFF: Backoff = Backoff {
    first: 300,
    most: 600,
};

/// A reading that has been asked for.
pub(super) struct Asked {
    /// How often it was repeated.
    pub(super) repeated: u32,
    /// How long ago it was asked for first.
    pub(super) ago: Duration,
    /// How long the next request would wait for its turn.
    pub(super) turn: Duration,
}

impl Asked {
    /// How long to wait before it is repeated; `None` if what came back stands.
    ///
    /// Repeated is what may go well a moment later: too many requests, a service or a proxy in trouble, an answer that
    /// broke off. Not what takes long already, and not a service that is not there. `now` are milliseconds since
    /// 1970-01-01 UTC, `dice` is any random number.
    pub(super) fn again(
        &self,
        answer: &Result<Response<Vec<u8>>, SendError>,
        now: u64,
        dice: u64,
    ) -> Option<Duration> {
        let asked = match answer {
            Ok(answer) if matches!(answer.status().as_u16(), 429 | 500 | 502 | 503 | 504) => {
                RetryAfter::of(answer.headers()).map_or(0, |it| it.wait(now))
            }
            Err(SendError::Unanswered {
                timed_out: false, ..
            }) => 0,
            _ => return None,
        };
        let wait = asked.max(BACKOFF.wait(self.repeated, dice));
        let wait = Duration::from_millis(wait).max(self.turn);
        let may = self.repeated < TIMES && self.ago.saturating_add(wait) <= WITHIN;
        may.then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<&str>) -> Result<Response<Vec<u8>>, SendError> {
        let mut answer = Response::builder().status(status);
        if let Some(said) = retry_after {
            answer = answer.header("retry-after", said);
        }
        Ok(answer.body(Vec::new()).unwrap())
    }

    fn unanswered(timed_out: bool) -> Result<Response<Vec<u8>>, SendError> {
        let message = String::new();
        Err(SendError::Unanswered { message, timed_out })
    }

    fn asked(repeated: u32, ago: u64, turn: u64) -> Asked {
        Asked {
            repeated,
            ago: Duration::from_millis(ago),
            turn: Duration::from_millis(turn),
        }
    }

    fn wait(asked: &Asked, answer: &Result<Response<Vec<u8>>, SendError>) -> Option<u128> {
        asked.again(answer, 0, 7).map(|wait| wait.as_millis())
    }

    #[test]
    fn repeats_what_may_go_well_a_moment_later() {
        for answer in [
            status(429, None),
            status(500, None),
            status(502, None),
            status(503, None),
            status(504, None),
            unanswered(false),
        ] {
            assert!((150..=300).contains(&wait(&asked(0, 0, 0), &answer).unwrap()));
            assert!((300..=600).contains(&wait(&asked(1, 400, 0), &answer).unwrap()));
            assert_eq!(wait(&asked(2, 1_000, 0), &answer), None);
        }
    }

    #[test]
    fn lets_stand_what_would_not_change() {
        for answer in [
            status(200, None),
            status(401, None),
            status(403, None),
            status(404, None),
            status(501, None),
            unanswered(true),
            Err(SendError::Unreachable(String::new())),
            Err(SendError::TooLarge(String::new())),
        ] {
            assert_eq!(wait(&asked(0, 0, 0), &answer), None, "{answer:?}");
        }
    }

    #[test]
    fn waits_as_long_as_it_is_asked_to_but_not_for_ever() {
        let busy = |said| status(429, Some(said));
        assert_eq!(wait(&asked(0, 0, 0), &busy("2")), Some(2_000));
        assert!(wait(&asked(0, 0, 0), &busy("0")).unwrap() >= 150);
        assert_eq!(wait(&asked(0, 0, 0), &busy("41")), None);
        // the limiter holds it back for longer than the service asks for
        assert_eq!(wait(&asked(0, 0, 5_000), &busy("2")), Some(5_000));
        assert_eq!(wait(&asked(0, 0, 9_000), &busy("2")), None);
        // a proxy that waited all its time
        assert_eq!(wait(&asked(0, 29_000, 0), &status(504, None)), None);
        assert_eq!(wait(&asked(1, 7_000, 0), &busy("2")), None);
    }
}
