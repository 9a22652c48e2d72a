//! Dates in words.

/// Months.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A time to the minute: "2026-11-21 14:05".
pub(crate) fn minute(at: &str) -> String {
    at.replace('T', " ")
        .get(..16)
        .unwrap_or_default()
        .to_owned()
}

/// A year, month or day in ISO form for people: "May 2024", "2 May 2024"; what is none stays as it is.
pub(crate) fn period(iso: &str) -> String {
    let mut parts = iso.splitn(3, '-');
    let year = parts.next().unwrap_or_default();
    let month = parts.next().and_then(|it| it.parse::<usize>().ok());
    let name = month.and_then(|it| MONTHS.get(it.checked_sub(1)?));
    match (name, parts.next()) {
        (Some(name), None) => format!("{name} {year}"),
        (Some(name), Some(day)) if !day.is_empty() => {
            format!("{} {name} {year}", day.trim_start_matches('0'))
        }
        _ => iso.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_as_people_say_them() {
        for (iso, said) in [
            ("2024", "2024"),
            ("2024-05", "May 2024"),
            ("2024-05-02", "2 May 2024"),
            ("2024-13", "2024-13"),
            ("2024-", "2024-"),
            ("", ""),
        ] {
            assert_eq!(period(iso), said);
        }
        assert_eq!(minute("2026-11-21T14:05:59Z"), "2026-11-21 14:05");
    }
}
