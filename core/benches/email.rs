//! `cargo bench -p rolecall-core --bench email`: addresses and lists, natively.

use divan::Bencher;
use divan::counter::ItemsCount;
use email_address::EmailAddress;
use rolecall_core::email::{Email, NoMapping, check_lines, suggest};
use rolecall_core::recipients::{Options, read};
use rolecall_core::service::Service;

fn main() {
    divan::main();
}

/// Addresses as companies have them, one in twenty with a slip.
fn addresses(count: usize) -> Vec<String> {
    let domains = [
        "example.com",
        "mail.company.org",
        "gmail.com",
        "data-team.io",
        "uni.example.ac.uk",
    ];
    (0..count)
        .map(|i| {
            let domain = domains[i % domains.len()];
            match i % 20 {
                19 => format!("user.{i}@{}", domain.replace('.', ",")),
                _ => format!("first.last{i}@{domain}"),
            }
        })
        .collect()
}

const MANY: usize = 10_000;

#[divan::bench]
fn email_from_str(bencher: Bencher<'_, '_>) {
    let list = addresses(MANY);
    bencher.counter(ItemsCount::new(MANY)).bench(|| {
        list.iter()
            .filter(|text| text.parse::<Email>().is_ok())
            .count()
    });
}

#[divan::bench]
fn email_check_lines(bencher: Bencher<'_, '_>) {
    let text = addresses(MANY).join("\n");
    bencher.counter(ItemsCount::new(MANY)).bench(|| {
        let mut wrong = 0;
        let count = check_lines(text.as_bytes(), |_, _, _| wrong += 1);
        count - wrong
    });
}

#[divan::bench]
fn email_address_is_valid(bencher: Bencher<'_, '_>) {
    let list = addresses(MANY);
    bencher.counter(ItemsCount::new(MANY)).bench(|| {
        list.iter()
            .filter(|text| EmailAddress::is_valid(text))
            .count()
    });
}

#[divan::bench(args = ["a@gmial.com", "Ann <ann@company,com>", "a@example.com"])]
fn email_suggest(text: &str) -> Option<String> {
    suggest(divan::black_box(text))
}

#[divan::bench(args = [5_000, 100_000])]
fn recipients_table(bencher: Bencher<'_, '_>, rows: usize) {
    let roles = Service::Astro.known_roles();
    let mut text = "name,email,role\n".to_owned();
    for address in addresses(rows) {
        text.push_str(&format!("\"Last, First\",{address},organization member\n"));
    }
    let options = Options {
        roles: &roles,
        ..Options::default()
    };
    bencher
        .counter(ItemsCount::new(rows))
        .bench(|| read(&text, &options, &NoMapping).entries.len());
}

#[divan::bench(args = [5_000, 100_000])]
fn recipients_pasted(bencher: Bencher<'_, '_>, rows: usize) {
    let mut text = String::new();
    for address in addresses(rows) {
        text.push_str(&format!("First Last <{address}>\n"));
    }
    bencher
        .counter(ItemsCount::new(rows))
        .bench(|| read(&text, &Options::default(), &NoMapping).entries.len());
}
