//! How many requests a token may make: a bucket for each token and kind of request.

use std::collections::HashMap;

/// So many requests a second, and as many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PerSecond(pub(crate) u64);

/// Buckets, filled as time passes.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    /// What is left, in thousandths of a request, and when that was counted.
    buckets: HashMap<(String, PerSecond), (u64, u64)>,
}

impl Limiter {
    /// Takes one request out of a bucket.
    ///
    /// # Errors
    /// The milliseconds after which there is one again.
    pub(crate) fn take(&mut self, token: &str, limit: PerSecond, now_ms: u64) -> Result<(), u64> {
        const ONE: u64 = 1000;
        let PerSecond(rate) = limit;
        let full = rate * ONE;
        let (left, counted) = self
            .buckets
            .entry((token.to_owned(), limit))
            .or_insert((full, now_ms));
        // One request in 1000 / rate milliseconds is `rate` thousandths in each.
        let passed = now_ms.saturating_sub(*counted).min(1000);
        *left = (*left + passed * rate).min(full);
        *counted = now_ms.max(*counted);
        if *left >= ONE {
            *left -= ONE;
            Ok(())
        } else {
            Err((ONE - *left).div_ceil(rate))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE: PerSecond = PerSecond(5);

    #[test]
    fn a_second_holds_as_many_as_the_limit_says() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            assert_eq!(limiter.take("t", FIVE, 1000), Ok(()));
        }
        assert_eq!(limiter.take("t", FIVE, 1000), Err(200));
        assert_eq!(limiter.take("t", FIVE, 1150), Err(50));
        assert_eq!(limiter.take("t", FIVE, 1200), Ok(()));
        assert_eq!(limiter.take("t", FIVE, 1200), Err(200));
    }

    #[test]
    fn tokens_and_kinds_do_not_share() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            limiter.take("t", FIVE, 0).unwrap();
        }
        assert_eq!(limiter.take("u", FIVE, 0), Ok(()));
        assert_eq!(limiter.take("t", PerSecond(10), 0), Ok(()));
    }

    #[test]
    fn rest_does_not_pile_up_and_a_clock_set_back_does_no_harm() {
        let mut limiter = Limiter::default();
        limiter.take("t", FIVE, 10_000).unwrap();
        for _ in 0..5 {
            assert_eq!(limiter.take("t", FIVE, 99_000), Ok(()));
        }
        assert!(limiter.take("t", FIVE, 99_000).is_err());
        assert!(limiter.take("t", FIVE, 5).is_err());
    }
}
