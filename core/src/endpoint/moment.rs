//! Moments as headers write them (RFC 9110, 5.6.7).

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Seconds since 1970-01-01 UTC, of `Sun, 06 Nov 1994 08:49:37 GMT` and of the two older forms of it.
pub(super) fn parse(text: &str) -> Option<u64> {
    let mut words = text
        .split([' ', ',', '-', ':'])
        .filter(|word| !word.is_empty());
    let mut word = || words.next();
    word().filter(|day| day.len() >= 3)?;
    let (first, second) = (word()?, word()?);
    let asctime = !first.starts_with(|c: char| c.is_ascii_digit());
    let (day, month) = if asctime {
        (second, first)
    } else {
        (first, second)
    };
    let mut year = if asctime { "" } else { word()? };
    let time = [
        number(word()?, 24)?,
        number(word()?, 60)?,
        number(word()?, 61)?,
    ];
    if asctime {
        year = word()?;
    } else if word()? != "GMT" {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == month)? as u64;
    let mut full_year = number(year, 10_000)?;
    if year.len() == 2 {
        // of the last century from 70 on
        full_year += if full_year < 70 { 2000 } else { 1900 };
    }
    let day = number(day, 32)?;
    if word().is_some() || full_year < 1970 || day == 0 {
        return None;
    }
    // years from March on, so that a leap day is the last one
    let years = full_year - u64::from(month < 2);
    let days_before = ((month + 10) % 12 * 306 + 5) / 10;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + days_before + day - 1;
    let [hour, minute, second] = time;
    Some((days - 719_468) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// A number below `end`.
fn number(digits: &str, end: u64) -> Option<u64> {
    let number = digits.parse().ok()?;
    (number < end).then_some(number)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::parse;

    #[test]
    fn the_three_forms_are_one_moment() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse(text), Some(784_111_777), "{text}");
        }
        assert_eq!(parse("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "Sun",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 06 ovD 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:+9:xx GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn moments_are_read_as_they_are_written(seconds in 0..253_402_300_800_u64) {
            let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
            prop_assert_eq!(parse(&text), Some(seconds), "{}", text);
        }

        #[test]
        fn no_text_does_harm(text in "([A-Za-z]{0,4}|[0-9]{0,20}|[ ,:-]|GMT|Nov|\\PC){0,16}") {
            let _ = parse(&text);
        }
    }
}
