//! When users came, as bars that filter.

use rolecall_core::directory::query::{Ask, Query, When};

use super::words;

/// Most bars that are one month each; beyond, each is a year.
const MONTHS: usize = 24;

/// A month or a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    /// `2025` or `2025-01`.
    pub(crate) period: String,
    /// Users who came in it.
    pub(crate) count: usize,
    /// How high it stands, in percent of the highest.
    pub(crate) share: usize,
    /// Whether it is part of the search.
    pub(crate) pressed: bool,
}

impl Bar {
    /// What it asks for.
    pub(crate) fn ask(&self) -> Ask {
        Ask::Created(When::On, self.period.clone())
    }

    /// What it says.
    pub(crate) fn label(&self) -> String {
        format!(
            "{}: {}",
            words::period(&self.period),
            words::number(self.count)
        )
    }
}

/// Bars without a gap from the first month in which users came to the last: months where they are
/// few, or where the search is about one year; years otherwise. No bar for less than two months.
pub(crate) fn growth(months: &[(String, usize)], query: &Query) -> Vec<Bar> {
    let [(first, _), .., (last, _)] = months else {
        return Vec::new();
    };
    let asked = query.terms.iter().find_map(|term| match &term.ask {
        Ask::Created(When::On, date) if !term.not && date.len() >= 4 => date.get(..4),
        _ => None,
    });
    let (Some(begin), Some(end)) = (number_of(first), number_of(last)) else {
        return Vec::new();
    };
    let by_month = end - begin < MONTHS;
    let periods: Vec<String> = match asked {
        Some(year) if !by_month => (1..=12).map(|month| format!("{year}-{month:02}")).collect(),
        _ if by_month => (begin..=end)
            .map(|it| format!("{:04}-{:02}", it / 12, it % 12 + 1))
            .collect(),
        _ => (begin / 12..=end / 12)
            .map(|year| format!("{year:04}"))
            .collect(),
    };
    let count = |period: &str| {
        let within = months.iter().filter(|(month, _)| month.starts_with(period));
        within.map(|(_, n)| n).sum::<usize>()
    };
    let counts: Vec<usize> = periods.iter().map(|it| count(it)).collect();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |(period, count): (String, usize)| Bar {
        share: count * 100 / most,
        pressed: query.has(&Ask::Created(When::On, period.clone())),
        count,
        period,
    };
    periods.into_iter().zip(counts).map(bar).collect()
}

/// All bars as a sentence.
pub(crate) fn in_words(bars: &[Bar]) -> String {
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return String::new();
    };
    let all: usize = bars.iter().map(|it| it.count).sum();
    let most = bars.iter().max_by_key(|it| it.count).unwrap_or(first);
    format!(
        "{} came from {} to {}; most in {}: {}",
        words::number(all),
        words::period(&first.period),
        words::period(&last.period),
        words::period(&most.period),
        words::number(most.count)
    )
}

/// The months since year 0 of `2025-01`.
fn number_of(month: &str) -> Option<usize> {
    let (year, month) = month.split_once('-')?;
    let month: usize = month.parse().ok()?;
    Some(year.parse::<usize>().ok()? * 12 + month.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(all: &[(&str, usize)]) -> Vec<(String, usize)> {
        all.iter()
            .map(|(month, n)| ((*month).to_owned(), *n))
            .collect()
    }

    #[test]
    fn few_months_are_shown_without_gaps() {
        let bars = growth(
            &months(&[("2024-11", 4), ("2025-02", 8)]),
            &Query::parse("created:2025-02"),
        );
        let said: Vec<String> = bars.iter().map(Bar::label).collect();
        let expected = [
            "November 2024: 4",
            "December 2024: 0",
            "January 2025: 0",
            "February 2025: 8",
        ];
        assert_eq!(said, expected);
        assert_eq!(
            bars.iter().map(|it| it.share).collect::<Vec<_>>(),
            [50, 0, 0, 100]
        );
        assert_eq!(bars.iter().position(|it| it.pressed), Some(3));
        assert_eq!(
            in_words(&bars),
            "12 came from November 2024 to February 2025; most in February 2025: 8"
        );
    }

    #[test]
    fn many_are_years_until_one_is_asked_for() {
        let all = months(&[
            ("2019-03", 1),
            ("2021-07", 2),
            ("2021-08", 2),
            ("2026-01", 3),
        ]);
        let years = growth(&all, &Query::default());
        assert_eq!(years.len(), 8);
        assert_eq!((years[2].period.as_str(), years[2].count), ("2021", 4));
        let year = growth(&all, &Query::parse("created:2021"));
        assert_eq!(year.len(), 12);
        assert_eq!((year[6].period.as_str(), year[6].count), ("2021-07", 2));
    }

    #[test]
    fn no_bars_where_there_is_nothing_to_compare() {
        assert_eq!(growth(&[], &Query::default()), []);
        assert_eq!(growth(&months(&[("2024-11", 4)]), &Query::default()), []);
        assert_eq!(in_words(&[]), "");
    }
}
