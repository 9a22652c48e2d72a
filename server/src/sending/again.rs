//! Whether a reading is asked for once more. It changes nothing, so nobody has to decide.

use http::Response;
use rolecall_core::endpoint::{Backoff, RetryAfter};

use super::SendError;

/// How often a reading is repeated.
const TIMES: u32 = 2;

/// Longest wait before a repetition, in milliseconds; where a service asks for more, somebody is told so instead.
const LONGEST: u64 = 5_000;

/// Waits where a service asks for none: somebody looks at the screen.
const BACKOFF: Backoff = Backoff {
    first: 300,
    most: 1_000,
};

/// Milliseconds to wait before a reading is repeated for the `times`th time (from 0); `None` if what came back stands.
///
/// Repeated is what may go well a moment later: too many requests, a service or a proxy in trouble, an answer that
/// broke off. Not what took all the time there is, and not a service that is not there: whoever waits is told at once.
/// `now` are milliseconds since 1970-01-01 UTC, `dice` is any random number.
pub(super) fn wait(
    answer: &Result<Response<Vec<u8>>, SendError>,
    times: u32,
    now: u64,
    dice: u64,
) -> Option<u64> {
    if times >= TIMES {
        return None;
    }
    let least = BACKOFF.wait(times, dice);
    match answer {
        Ok(answer) if matches!(answer.status().as_u16(), 429 | 500 | 502 | 503 | 504) => {
            let asked = RetryAfter::of(answer.headers()).map_or(0, |it| it.wait(now));
            Some(asked.max(least)).filter(|wait| *wait <= LONGEST)
        }
        Err(SendError::Unanswered {
            timed_out: false, ..
        }) => Some(least),
        _ => None,
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
            assert!((150..=300).contains(&wait(&answer, 0, 0, 7).unwrap()));
            assert!((300..=600).contains(&wait(&answer, 1, 0, 7).unwrap()));
            assert_eq!(wait(&answer, 2, 0, 7), None);
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
            assert_eq!(wait(&answer, 0, 0, 7), None, "{answer:?}");
        }
    }

    #[test]
    fn waits_as_long_as_it_is_asked_to_but_not_for_ever() {
        assert_eq!(wait(&status(429, Some("2")), 0, 0, 7), Some(2_000));
        assert!(wait(&status(503, Some("0")), 0, 0, 7).unwrap() >= 150);
        assert_eq!(wait(&status(429, Some("41")), 0, 0, 7), None);
    }
}
