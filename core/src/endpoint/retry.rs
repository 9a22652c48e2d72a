//! When to try again: what services say (`Retry-After`) and what to do when they say nothing.

use http::HeaderMap;
use http::header::RETRY_AFTER;
use serde::Serialize;

use crate::json::{FromJson, ToJson};

/// What a `Retry-After` header says (RFC 9110, 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// Seconds from the answer on.
    Seconds(u32),
    /// A moment: seconds since 1970-01-01 UTC.
    At(u64),
}

impl RetryAfter {
    /// Reads the header; `None` if it is absent or neither of the two forms.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get(RETRY_AFTER)?.to_str().ok()?)
    }

    /// Reads what the header says; `None` if it is neither of the two forms.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self::Seconds(text.parse().unwrap_or(u32::MAX)));
        }
        super::moment::parse(text).map(Self::At)
    }

    /// The same in seconds from `now` on (milliseconds since 1970-01-01 UTC).
    #[must_use]
    pub fn as_of(self, now: u64) -> Self {
        let seconds = self.wait(now).div_ceil(1000);
        Self::Seconds(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// Milliseconds to wait from `now` (milliseconds since 1970-01-01 UTC), never less than 0.
    pub fn wait(self, now: u64) -> u64 {
        match self {
            Self::Seconds(seconds) => u64::from(seconds) * 1000,
            Self::At(moment) => moment.saturating_mul(1000).saturating_sub(now),
        }
    }
}

/// Exponential waits with jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Longest wait before the first repetition, in milliseconds.
    pub first: u64,
    /// Longest wait of all, in milliseconds.
    pub most: u64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: 500,
            most: 60_000,
        }
    }
}

impl Backoff {
    /// Milliseconds to wait before repetition `n` (from 0); `dice` is any random number.
    ///
    /// Between half and the whole of the doubled wait, so that it never comes at once.
    pub fn wait(self, n: u32, dice: u64) -> u64 {
        let most = self.first.saturating_mul(1 << n.min(30)).min(self.most);
        let half = most / 2;
        half + dice % (most - half + 1)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(text: &'static str) -> Option<RetryAfter> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
        RetryAfter::of(&headers)
    }

    #[test]
    fn reads_both_forms() {
        assert_eq!(of("41"), Some(RetryAfter::Seconds(41)));
        // the example of RFC 9110, 5.6.7
        assert_eq!(
            of("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(RetryAfter::At(784_111_777))
        );
    }

    #[test]
    fn ignores_what_is_neither() {
        for text in [
            "",
            "soon",
            "-3",
            "1.5",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "06 Nov 1994",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_in_the_past_is_no_wait() {
        assert_eq!(RetryAfter::At(10).wait(20_000), 0);
        assert_eq!(RetryAfter::At(30).wait(20_000), 10_000);
        assert_eq!(RetryAfter::Seconds(2).wait(0), 2000);
        assert_eq!(RetryAfter::At(30).as_of(20_500), RetryAfter::Seconds(10));
        assert_eq!(RetryAfter::Seconds(7).as_of(20_500), RetryAfter::Seconds(7));
    }

    #[test]
    fn backoff_doubles_and_stays_in_bounds() {
        let backoff = Backoff {
            first: 100,
            most: 1000,
        };
        for dice in [0, 1, 77, u64::MAX] {
            assert!((50..=100).contains(&backoff.wait(0, dice)));
            assert!((200..=400).contains(&backoff.wait(2, dice)));
            assert!((500..=1000).contains(&backoff.wait(60, dice)));
        }
    }
}
