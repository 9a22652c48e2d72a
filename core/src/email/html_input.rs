//! What browsers do to an e-mail field before they check it.
//!
//! Source: <https://html.spec.whatwg.org/multipage/input.html#email-state-(type=email)>.

use std::borrow::Cow;

/// What a browser makes of the text typed into `<input type=email>` before it checks it: line
/// breaks removed anywhere, ASCII white space stripped at the ends.
///
/// # Example
///
/// ```
/// use rolecall_core::email::html_input_value;
///
/// assert_eq!(html_input_value(" a@b.\nexample "), "a@b.example");
/// ```
pub fn html_input_value(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        let joined = text.replace(['\n', '\r'], "");
        return Cow::Owned(strip(&joined).to_owned());
    }
    Cow::Borrowed(strip(text))
}

/// The addresses a browser sees in `<input type=email multiple>`: split at commas, each stripped of
/// ASCII white space. An empty field has none.
///
/// # Example
///
/// ```
/// use rolecall_core::email::html_input_values;
///
/// let values: Vec<_> = html_input_values("a@b.example , c@d.example").collect();
/// assert_eq!(values, ["a@b.example", "c@d.example"]);
/// assert_eq!(html_input_values("").count(), 0);
/// ```
pub fn html_input_values(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(strip)
        .filter(move |_| !strip(text).is_empty())
}

/// ASCII white space as the Infra standard has it: no U+000B.
fn strip(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\u{C}', '\r'])
}
