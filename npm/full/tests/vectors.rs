//! `npm/vectors.json`: what core answers to a few hundred inputs. Every entry of the package is held
//! against the same file; here it is held against core.
//!
//! With `ROLECALL_WRITE_VECTORS` in the environment the answers are written anew, to be looked at
//! with `git diff`.

#![expect(
    clippy::unwrap_used,
    reason = "a test, with helpers beside the test functions"
)]

use std::path::Path;

use rolecall_core::email::{CompiledIn, EmailErrorKind, InvalidEmail, Notice, Rules, suggest};
use rolecall_npm::{
    build_request, match_role, plan_invites, plan_role_change, read_bytes, read_response, read_text,
};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors.json");

/// A text, which may be given as a piece and how often it comes.
fn text(value: &Value) -> String {
    match value.get("repeat") {
        Some(repeat) => {
            let times = repeat[1].as_u64().unwrap();
            repeat[0]
                .as_str()
                .unwrap()
                .repeat(usize::try_from(times).unwrap())
        }
        None => value.as_str().unwrap().to_owned(),
    }
}

fn parsed(answer: Result<String, String>) -> Value {
    serde_json::from_str(&answer.unwrap()).unwrap()
}

fn utf16(text: &str, octets: usize) -> usize {
    text[..octets].encode_utf16().count()
}

fn wrong(text: &str, invalid: &InvalidEmail) -> Value {
    json!({
        "code": invalid.kind.name(),
        "message": invalid.to_string(),
        "at": utf16(text, invalid.at),
    })
}

fn check(text: &str, options: Option<&Value>) -> Value {
    let flag = |name: &str| options.is_some_and(|it| it[name] == true);
    let rules = Rules {
        allow_non_ascii_local: flag("allowNonAsciiLocal"),
        refuse_reserved: flag("refuseReserved"),
        ..Rules::default()
    };
    match rules.check(text, &CompiledIn) {
        Ok(checked) => {
            let notice = |it: &Notice| match it {
                Notice::Suggestion(meant) => json!({ "code": it.name(), "suggestion": meant }),
                plain => json!({ "code": plain.name() }),
            };
            json!({
                "type": "ok",
                "email": checked.as_str(),
                "local": checked.local(),
                "domain": checked.domain(),
                "key": checked.key(),
                "notices": checked.notices.iter().map(notice).collect::<Vec<_>>(),
            })
        }
        Err(invalid) => {
            let mut answer = json!({ "type": "invalid", "issue": wrong(text, &invalid) });
            if let Some(meant) = suggest(text) {
                answer["suggestion"] = json!(meant);
            }
            answer
        }
    }
}

fn check_all(addresses: &Value) -> Value {
    let whole;
    let addresses: Vec<&str> = match addresses.as_array() {
        Some(items) => items.iter().map(|it| it.as_str().unwrap()).collect(),
        None => {
            whole = text(addresses);
            let lines = whole
                .split('\n')
                .map(|it| it.strip_suffix('\r').unwrap_or(it));
            let mut lines: Vec<&str> = lines.collect();
            lines.pop_if(|last| last.is_empty());
            lines
        }
    };
    let mut codes = Vec::new();
    let mut at = Vec::new();
    for address in addresses {
        match Rules::default().check(address, &CompiledIn) {
            Ok(_) => {
                codes.push(0);
                at.push(0);
            }
            Err(invalid) => {
                codes.push(invalid.kind.code());
                at.push(utf16(address, invalid.at));
            }
        }
    }
    json!({ "count": codes.len(), "codes": codes, "at": at })
}

/// What core says of an address, of which the module gives the number: the face has the words.
fn in_words(issue: &mut Value, address: &str) {
    let Some(code) = issue["code"].as_u64() else {
        return;
    };
    let mut error = Rules::default().check(address, &CompiledIn).unwrap_err();
    if u64::from(error.kind.code()) != code {
        // quotation marks around it were taken out before it was judged
        let mut kinds = EmailErrorKind::ALL.iter();
        let kind = kinds.find(|kind| u64::from(kind.code()) == code);
        (error.kind, error.found) = (*kind.unwrap(), None);
    }
    let at = issue["range"].get_mut(0).map(Value::take);
    *issue = json!({ "code": error.kind.name(), "message": error.to_string() });
    if let Some(at) = at {
        issue["at"] = at;
    }
}

/// A reason of the planner as every other issue.
fn named(issue: &mut Value) {
    let Some(why) = issue.get_mut("why") else {
        return;
    };
    let reason = why.as_object_mut().unwrap().remove("reason").unwrap();
    let (first, rest) = reason.as_str().unwrap().split_at(1);
    let code = first.to_uppercase() + rest;
    *issue = json!({ "code": code, "params": why, "message": issue["message"] });
}

/// The part of a text from one UTF-16 unit to another.
fn part(text: &str, range: &Value) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let at = |i: usize| usize::try_from(range[i].as_u64().unwrap()).unwrap();
    String::from_utf16(&units[at(0)..at(1)]).unwrap()
}

/// Columns as the face makes objects of them, for a list that is this text.
fn list(columns: Value, text: &str) -> Value {
    let at = |name: &str, row: usize| columns[name][row].clone();
    let emails = columns["emails"].as_str().unwrap().split('\n');
    let mut rows = Vec::new();
    for (row, email) in (0..columns["line"].as_array().unwrap().len()).zip(emails) {
        let more = columns["more"].as_array().unwrap().iter();
        let more = more
            .filter(|it| it[0] == row)
            .map(|it| it[1].clone())
            .next();
        let mut more = more.unwrap_or(json!({}));
        let mut one = json!({
            "line": at("line", row),
            "column": at("column", row),
            "range": [at("start", row), at("end", row)],
        });
        for name in ["issue", "duplicateOf"] {
            if let Some(value) = more.get_mut(name) {
                one[name] = value.take();
            }
        }
        if let Some(issue) = one.get_mut("issue") {
            if let Some(address) = more.get("address") {
                in_words(issue, &part(text, address));
            }
        } else {
            let mut recipient = json!({});
            if !email.is_empty() {
                recipient["email"] = json!(email);
            }
            if !at("names", row).is_null() {
                recipient["name"] = at("names", row);
            }
            if let Some(place) = at("role", row).as_u64().unwrap().checked_sub(1) {
                recipient["role"] = at("roles", usize::try_from(place).unwrap());
            }
            for name in ["user", "roles"] {
                if let Some(value) = more.get_mut(name) {
                    recipient[name] = value.take();
                }
            }
            one["recipient"] = recipient;
        }
        rows.push(one);
    }
    let mut list = columns;
    for name in [
        "line", "column", "start", "end", "emails", "names", "role", "roles", "more",
    ] {
        list.as_object_mut().unwrap().remove(name);
    }
    list["rows"] = json!(rows);
    list
}

/// Columns as the face makes objects of them.
fn plan(plan: Value) -> Value {
    let emails = plan["emails"].as_str().unwrap().lines();
    let steps = plan["shape"].as_array().unwrap().iter();
    let steps = steps.zip(plan["row"].as_array().unwrap()).zip(emails);
    let steps = steps.map(|((shape, row), email)| {
        let mut step = plan["shapes"][usize::try_from(shape.as_u64().unwrap()).unwrap()].clone();
        if step.get("user").is_none() {
            step["call"]["email"] = json!(email);
        }
        step["row"] = row.clone();
        step["email"] = json!(email);
        step
    });
    let steps: Vec<Value> = steps.collect();
    let mut plan =
        json!({ "steps": steps, "refused": plan["refused"], "confirm": plan["confirm"] });
    let refused = plan["refused"].as_array_mut().unwrap();
    refused.sort_by_key(|it| it["row"].as_u64());
    for refused in refused {
        let address = refused["who"].as_str().unwrap().to_owned();
        in_words(&mut refused["issue"], &address);
        named(&mut refused["issue"]);
    }
    for guard in plan["confirm"].as_array_mut().unwrap() {
        let name = guard.as_object_mut().unwrap().remove("guard");
        guard["type"] = name.unwrap();
    }
    plan
}

/// Recipients, users, changes and options as the face hands them on.
fn normal(value: &Value) -> Value {
    let mut value = value.clone();
    let one_or_many = |object: &mut Value, from: &str, to: &str| {
        let Some(given) = object.as_object_mut().unwrap().remove(from) else {
            return;
        };
        object[to] = if given.is_array() {
            given
        } else {
            json!([given])
        };
    };
    for item in value.as_array_mut().into_iter().flatten() {
        if item.is_string() {
            *item = json!({ "email": item });
        }
        let is_user = item.get("id").is_some();
        if is_user {
            for role in item["roles"].as_array_mut().into_iter().flatten() {
                if role.is_string() {
                    *role = json!({ "id": role });
                }
            }
        } else {
            one_or_many(item, "role", "roles");
            one_or_many(item, "add", "add");
        }
    }
    if value.is_object() {
        one_or_many(&mut value, "role", "role");
    }
    value
}

fn answer(case: &Value) -> Value {
    let given = case["arguments"].as_array().unwrap();
    let json_of = |i: usize| given.get(i).map_or("{}".to_owned(), Value::to_string);
    let normal_of = |i: usize| normal(&given[i]).to_string();
    match case["function"].as_str().unwrap() {
        "checkEmail" => check(&text(&given[0]), given.get(1)),
        "suggestEmail" => json!(suggest(&text(&given[0]))),
        "checkEmails" => check_all(&given[0]),
        "matchRole" => {
            let roles = given.get(2).map_or("null".to_owned(), Value::to_string);
            let matched = match_role(
                given[0].as_str().unwrap(),
                given[1].as_str().unwrap(),
                &roles,
            );
            parsed(matched)
        }
        "readRecipients" => match given[0].get("octets") {
            Some(octets) => {
                let octets: Vec<u8> = serde_json::from_value(octets.clone()).unwrap();
                let columns = parsed(read_bytes(&octets, &json_of(1), &CompiledIn));
                let text = columns["text"].as_str().unwrap().to_owned();
                list(columns, &text)
            }
            None => {
                let text = text(&given[0]);
                let columns = parsed(read_text(&text, &json_of(1), &CompiledIn));
                list(columns, &text)
            }
        },
        "planInvites" => {
            let (mut who, mut kinds) = (Vec::new(), Vec::new());
            let mut lists = Vec::new();
            let recipients = normal(&given[0]);
            for (i, recipient) in (0..).zip(recipients.as_array().unwrap()) {
                let email = recipient["email"].as_str();
                who.push(email.or(recipient["user"].as_str()).unwrap().to_owned());
                kinds.push(i << 1 | u32::from(email.is_none()));
                lists.push(recipient.get("roles").cloned().unwrap_or(json!([])));
            }
            let mut options = normal(&given[2]);
            options["roleLists"] = json!(lists);
            plan(parsed(plan_invites(
                &who.join("\n"),
                &kinds,
                &normal_of(1),
                &options.to_string(),
                &CompiledIn,
            )))
        }
        "planRoleChange" => {
            let mut changes = normal(&given[0]);
            for change in changes.as_array_mut().unwrap() {
                if let Some(roles) = change.as_object_mut().unwrap().remove("roles") {
                    change["replace"] = roles;
                }
            }
            plan(parsed(plan_role_change(
                &changes.to_string(),
                &normal_of(1),
                &normal_of(2),
                &CompiledIn,
            )))
        }
        "buildRequest" => parsed(build_request(&json_of(0), &json_of(1))),
        "readResponse" => {
            let response = &given[1];
            let headers: Vec<(&String, &Value)> = response["headers"]
                .as_object()
                .into_iter()
                .flatten()
                .collect();
            let mut answer = parsed(read_response(
                &json_of(0),
                &response["status"].to_string(),
                &json!(headers).to_string(),
                response["body"].as_str().unwrap_or_default().as_bytes(),
            ));
            if answer["type"] == "me" {
                for role in answer["roles"].as_array_mut().unwrap() {
                    *role = json!({ "organization": role[0], "role": role[1] });
                }
            }
            answer
        }
        other => panic!("there is no function {other}"),
    }
}

#[test]
fn core_gives_the_answers_that_every_entry_is_held_against() {
    let file: Value = serde_json::from_slice(&std::fs::read(FILE).unwrap()).unwrap();
    let mut cases = file["cases"].as_array().unwrap().clone();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    if std::env::var_os("ROLECALL_WRITE_VECTORS").is_some() {
        for case in &mut cases {
            case["answer"] = answer(case);
        }
        let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
        let text = format!("{{\"cases\":[\n{}\n]}}\n", lines.join(",\n"));
        std::fs::write(Path::new(FILE), text).unwrap();
    }
    for case in &cases {
        assert_eq!(
            answer(case),
            case["answer"],
            "{} {}",
            case["function"],
            case["arguments"]
        );
    }
}
