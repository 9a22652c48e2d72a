//! Reading a list in slices, so that whoever reads a long one can do something else in between.

use std::ops::Range;

use super::columns;
use super::table::Table;
use super::{
    Entry, Format, Lines, Options, Reader, Recipients, find_out, lines, list, trim_edges,
    users_file,
};
use crate::email::Mapping;

/// A list that is being read.
pub struct Reading<'t, M> {
    reader: Reader<'t, M>,
    format: Format,
    rest: Rest<'t>,
}

/// What is left of the text, by its form.
enum Rest<'t> {
    Addresses(Lines<'t>, Vec<Range<usize>>, Option<&'t str>),
    UsersFile(Lines<'t>),
    Table(Table<'t>),
}

impl<'t, M: Mapping> Reading<'t, M> {
    /// Finds out which form the list has; reads nothing of it yet.
    pub fn new(text: &'t str, options: &Options<'t>, mapping: &'t M) -> Self {
        let format = match options.format {
            Some(format) => format,
            None => find_out(text, options.roles),
        };
        let rest = match format {
            Format::Addresses => {
                let mut lines = lines(text);
                let title = title(&mut lines);
                Rest::Addresses(lines, Vec::new(), title)
            }
            Format::UsersFile => Rest::UsersFile(lines(text)),
            Format::Table { delimiter } => Rest::Table(Table::new(text, delimiter, options.roles)),
        };
        Self {
            reader: Reader::new(text, options, mapping),
            format,
            rest,
        }
    }

    /// Reads so many more lines, or rows of a table, and tells whether there may be more.
    pub fn read_on(&mut self, most: usize) -> bool {
        let reader = &mut self.reader;
        for _ in 0..most {
            let read = match &mut self.rest {
                Rest::Addresses(lines, items, _) => lines
                    .next()
                    .map(|(start, line)| {
                        let (moved, line) = list::behind_bullet(line);
                        list::read_line(reader, start + moved, line, items);
                    })
                    .is_some(),
                Rest::UsersFile(lines) => lines
                    .next()
                    .map(|(start, line)| users_file::read_line(reader, start, line))
                    .is_some(),
                Rest::Table(table) => table.read_row(reader),
            };
            if !read {
                return false;
            }
        }
        true
    }

    /// What was read so far.
    pub fn entries(&self) -> &[Entry] {
        &self.reader.entries
    }

    /// The list as far as it was read.
    pub fn finish(self) -> Recipients {
        let header = match self.rest {
            Rest::Table(table) => table.titles,
            Rest::Addresses(_, _, title) => title.map(|title| vec![title.to_owned()]),
            Rest::UsersFile(_) => None,
        };
        Recipients {
            entries: self.reader.entries,
            format: self.format,
            header,
            left_out: self.reader.left_out,
        }
    }
}

/// The title of a table's only column, which is then read already: a first line that names one, and others behind it.
fn title<'t>(lines: &mut Lines<'t>) -> Option<&'t str> {
    let content =
        |(_, line): (usize, &'t str)| Some(trim_edges(line).1).filter(|it| !it.is_empty());
    let mut ahead = lines.clone();
    let first = ahead.find_map(content)?;
    let rest = ahead.clone();
    if !columns::names_people(first) || ahead.find_map(content).is_none() {
        return None;
    }
    *lines = rest;
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::email::NoMapping;
    use crate::service::Service;

    #[test]
    fn somebody_on_the_first_line_is_no_title() {
        for first in [
            "ann@acme.email",
            "Ann <ann@acme.example> (work email)",
            "ann@acme.example, her private email",
        ] {
            let text = format!("{first}\nbo@acme.example\n");
            let list = read(&text, &Options::default(), &NoMapping);
            assert_eq!(list.header, None, "{first}");
            let found = list.entries.iter().filter(|it| it.recipient.is_ok());
            assert_eq!(found.count(), 2, "{first}");
        }
    }

    #[test]
    fn slices_of_any_size_give_the_same_list() {
        let roles = Service::Astro.known_roles();
        for text in [
            "a@b.example\nAnn <c@d.example> Owner\n\nx, y@z.example; a@b.example\nnot one",
            "a@b.example ORGANIZATION_OWNER\n\nc@d.example ORGANIZATION_MEMBER\na@b.example",
            "Role,Email\r\nOwner,a@b.example\r\n,\"c@d.example\"\r\nOWNR,e@f.example\r\n",
            "a@b.example;Owner\na@b.example;Member\n",
            "\nE-Mail\r\na@b.example, c@d.example\n\ne@f.example\n",
            "",
        ] {
            let options = Options {
                roles: &roles,
                max_entries: 4,
                ..Options::default()
            };
            let whole = read(text, &options, &NoMapping);
            for slice in 1..4 {
                let mut reading = Reading::new(text, &options, &NoMapping);
                while reading.read_on(slice) {
                    let read = reading.entries();
                    assert_eq!(read, &whole.entries[..read.len()]);
                }
                assert_eq!(reading.finish(), whole, "{text} in slices of {slice}");
            }
        }
    }
}
