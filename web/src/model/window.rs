//! Which rows of a long table exist, and which row each of the few elements shows.

/// Rows kept above and below what is seen, so that a scroll of a screen's part finds them painted.
const MARGIN: usize = 8;

/// What a scrolled table shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// First row that exists.
    pub(crate) first: usize,
    /// Elements for rows.
    pub(crate) slots: usize,
}

impl Window {
    /// Elements needed for a height, in pixels.
    pub(crate) fn slots(height: f64, row: f64) -> usize {
        (height / row.max(1.0)).ceil() as usize + 2 * MARGIN
    }

    /// The window for a scroll position; all lengths in pixels. Elements that are there stay, so that each goes on
    /// showing its row in a window that becomes lower, and what has the focus keeps it.
    pub(crate) fn at(top: f64, height: f64, row: f64, total: usize, there: usize) -> Self {
        let slots = Self::slots(height, row).max(there);
        let seen = (top.max(0.0) / row.max(1.0)) as usize;
        let last_first = total.saturating_sub(slots);
        Self {
            first: seen.saturating_sub(MARGIN).min(last_first),
            slots,
        }
    }

    /// Rows of which something can be seen; all lengths in pixels. Some may be beyond the last one.
    pub(crate) fn seen(top: f64, height: f64, row: f64) -> std::ops::Range<usize> {
        let first = (top.max(0.0) / row.max(1.0)) as usize;
        first..first + (height / row.max(1.0)).ceil() as usize + 1
    }

    /// Where to scroll so that a row is seen whole below a head; `None` if it is. All in pixels.
    pub(crate) fn reveal(row: usize, top: f64, height: f64, head: f64, size: f64) -> Option<f64> {
        let (begin, end) = (row as f64 * size, (row + 1) as f64 * size);
        if begin < top {
            Some(begin)
        } else if end + head > top + height {
            Some(end + head - height)
        } else {
            None
        }
    }

    /// Rows that are seen whole, at least one.
    pub(crate) fn page(height: f64, head: f64, row: f64) -> usize {
        (((height - head) / row.max(1.0)) as usize).max(1)
    }

    /// Rows that exist.
    #[cfg(test)]
    fn rows(self, total: usize) -> std::ops::Range<usize> {
        self.first.min(total)..(self.first + self.slots).min(total)
    }

    /// The row that an element shows: each row has its element, so a scroll by one row changes one.
    pub(crate) fn row_of(self, slot: usize, total: usize) -> Option<usize> {
        let past = (slot + self.slots - self.first % self.slots) % self.slots;
        let row = self.first + past;
        (slot < self.slots && row < total).then_some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_existing_row_has_exactly_one_element() {
        for (top, total) in [
            (0.0, 1000),
            (4400.0, 1000),
            (4444.0, 1000),
            (1e9, 1000),
            (0.0, 3),
            (0.0, 0),
        ] {
            let window = Window::at(top, 600.0, 44.0, total, 0);
            let mut shown: Vec<usize> = (0..window.slots)
                .filter_map(|slot| window.row_of(slot, total))
                .collect();
            shown.sort_unstable();
            assert_eq!(
                shown,
                window.rows(total).collect::<Vec<_>>(),
                "{top} of {total}"
            );
        }
    }

    #[test]
    fn a_window_that_becomes_lower_leaves_rows_in_their_elements() {
        let before = Window::at(4400.0, 600.0, 44.0, 1000, 0);
        let after = Window::at(4400.0, 500.0, 44.0, 1000, before.slots);
        assert_eq!(after, before);
        // at the end of the list, too
        let before = Window::at(1e9, 600.0, 44.0, 1000, 0);
        assert_eq!(Window::at(1e9, 500.0, 44.0, 1000, before.slots), before);
    }

    #[test]
    fn what_is_seen_exists_with_some_rows_around() {
        let window = Window::at(4400.0, 600.0, 44.0, 1000, 0);
        let rows = window.rows(1000);
        assert!(
            rows.start <= 100 - MARGIN && rows.end >= 114 + MARGIN,
            "{rows:?}"
        );
    }

    #[test]
    fn whatever_is_seen_in_part_counts_as_seen() {
        assert_eq!(Window::seen(0.0, 440.0, 44.0), 0..11);
        assert_eq!(
            Window::seen(65.0, 460.0, 44.0),
            1..13,
            "of two rows only a part"
        );
    }

    #[test]
    fn an_element_too_many_shows_nothing() {
        let window = Window {
            first: 5,
            slots: 10,
        };
        assert_eq!(window.row_of(10, 1000), None);
    }

    #[test]
    fn a_row_is_scrolled_to_only_as_far_as_needed() {
        let reveal = |row, top| Window::reveal(row, top, 300.0, 36.0, 44.0);
        assert_eq!(reveal(0, 0.0), None);
        assert_eq!(
            reveal(5, 0.0),
            None,
            "ends at 264 of the 264 below the head"
        );
        assert_eq!(reveal(6, 0.0), Some(44.0));
        assert_eq!(reveal(3, 500.0), Some(132.0));
        assert_eq!(Window::page(300.0, 36.0, 44.0), 6);
        assert_eq!(Window::page(10.0, 36.0, 44.0), 1);
    }

    #[test]
    fn a_scroll_by_one_row_changes_one_element() {
        let (before, after) = (
            Window {
                first: 50,
                slots: 30,
            },
            Window {
                first: 51,
                slots: 30,
            },
        );
        let changed = (0..30).filter(|&slot| before.row_of(slot, 1000) != after.row_of(slot, 1000));
        assert_eq!(changed.count(), 1);
    }
}
