//! Field names in any spelling: `OrgID`, `orgID` and `orgid` are one.

/// Lower-cases the object keys of a JSON text and leaves all else as it is.
///
/// Works on the bytes, before parsing: a string that is followed by a colon is a key. A text that is
/// no JSON comes out as something that is no JSON either.
pub(crate) fn lowercase_keys(json: &[u8]) -> Vec<u8> {
    let mut text = json.to_vec();
    let mut i = 0;
    while i < text.len() {
        if text[i] != b'"' {
            i += 1;
            continue;
        }
        let start = i + 1;
        let mut end = start;
        while end < text.len() && text[end] != b'"' {
            end += if text[end] == b'\\' { 2 } else { 1 };
        }
        let after = text.iter().skip(end + 1).find(|b| !b.is_ascii_whitespace());
        if end < text.len() && after == Some(&b':') {
            text[start..end].make_ascii_lowercase();
        }
        i = end + 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(json: &str) -> String {
        String::from_utf8(lowercase_keys(json.as_bytes())).unwrap()
    }

    #[test]
    fn keys_only() {
        assert_eq!(
            lowered(r#"{"OrgID" : "OrgID","Users":[{"A\"B":"C:D"},"E"],"É":"F"}"#),
            r#"{"orgid" : "OrgID","users":[{"a\"b":"C:D"},"E"],"É":"F"}"#
        );
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for text in ["", "\"", "\"A", "\"A\\", "{\"A\"", "A: B", "\"\\\":"] {
            assert_eq!(lowered(text), text);
        }
    }
}
