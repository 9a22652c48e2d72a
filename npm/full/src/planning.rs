//! From recipients and changes to plans.

use std::mem::take;

use rolecall_core::directory::{OrganizationId, UserId};
use rolecall_core::email::{Email, Mapping};
use rolecall_core::json::{FromJson, ToJson};
use rolecall_core::plan::{
    Act, Context, Guard, Known, People, Person, Plan, Planner, Reason, RoleChange,
};
use rolecall_core::role::{InvalidRole, RoleId, find};
use rolecall_core::service::Service;

use crate::call::Call;
use crate::issue::Wrong;
use crate::role::{GivenRole, roles};
use crate::{Misuse, answer, argument, kept};

#[derive(FromJson)]
#[serde(rename_all = "camelCase")]
struct Given {
    service: Service,
    organization: OrganizationId,
    me: Option<UserId>,
    roles: Option<Vec<GivenRole>>,
    /// For recipients that name none.
    #[serde(default)]
    role: Vec<String>,
    /// The roles that recipients name, each list once.
    #[serde(default)]
    role_lists: Vec<Vec<String>>,
    #[serde(default)]
    resend: bool,
}

#[derive(FromJson)]
struct GivenChange {
    email: Option<String>,
    user: Option<UserId>,
    replace: Option<Vec<String>>,
    add: Option<Vec<String>>,
    remove: Option<Vec<String>>,
}

/// A plan in columns: thousands of steps differ in their row and address alone.
#[derive(ToJson)]
struct Planned {
    /// What steps have in common.
    shapes: Vec<Shape>,
    /// Of each step its shape.
    shape: Vec<usize>,
    row: Vec<usize>,
    /// Their addresses, a line each.
    emails: String,
    /// Not in the order of their rows.
    refused: Vec<Refused>,
    confirm: Vec<Confirmation>,
}

/// A step; without a user it is one of many whose call differs in the address.
#[derive(ToJson)]
struct Shape {
    act: Act,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    before: Vec<RoleId>,
    after: Vec<RoleId>,
    call: Call,
}

#[derive(ToJson)]
struct Refused {
    row: usize,
    who: String,
    issue: Wrong,
}

/// A guard with a sentence.
#[derive(ToJson)]
struct Confirmation {
    #[serde(flatten)]
    guard: Guard,
    message: String,
}

/// Whom and what is planned for.
struct Asked {
    people: People,
    context: Context,
    given: &'static mut Given,
}

impl Asked {
    fn read(users: &str, options: &str) -> Result<&'static mut Self, Misuse> {
        let given: &mut Given = argument("options", options)?;
        let people: &mut Vec<Person> = argument("users", users)?;
        let roles = roles(given.roles.take(), Some(given.service));
        Ok(kept(Self {
            people: People::new(roles, take(people), &given.service.known_roles()),
            context: Context {
                service: given.service,
                organization: given.organization.clone(),
                me: given.me.clone(),
            },
            given,
        }))
    }

    /// The roles that texts name.
    fn role_ids(&self, texts: &[String]) -> Result<Vec<RoleId>, InvalidRole> {
        texts
            .iter()
            .map(|text| find(text, self.people.roles()).map(|role| role.id.clone()))
            .collect()
    }
}

/// Octets of an address and its line end, as most are.
const USUAL_LINE: usize = 32;

fn planned(plan: Plan, mut refused: Vec<Refused>) -> String {
    let plan = kept(plan);
    for other in take(&mut plan.refused) {
        refused.push(Refused {
            row: other.row,
            who: other.who,
            issue: other.why.into(),
        });
    }
    let planned = kept(Planned {
        shapes: Vec::new(),
        shape: Vec::with_capacity(plan.steps.len()),
        row: Vec::with_capacity(plan.steps.len()),
        emails: String::with_capacity(plan.steps.len() * USUAL_LINE),
        refused,
        confirm: take(&mut plan.confirm)
            .into_iter()
            .map(confirmation)
            .collect(),
    });
    for step in take(&mut plan.steps) {
        let alike = |shape: &Shape| {
            shape.user.is_none() && shape.act == step.act && shape.after == step.after
        };
        let known = match step.user {
            None => planned.shapes.iter().position(alike),
            Some(_) => None,
        };
        planned.shape.push(known.unwrap_or(planned.shapes.len()));
        planned.row.push(step.row);
        planned.emails.push_str(&step.email);
        planned.emails.push('\n');
        if known.is_none() {
            planned.shapes.push(Shape {
                act: step.act,
                user: step.user,
                before: step.before,
                after: step.after,
                call: Call(step.call),
            });
        }
    }
    answer(planned)
}

fn confirmation(guard: Guard) -> Confirmation {
    let message = match &guard {
        Guard::Escalation { role, who } => format!("makes {} {role}", some_of(who)),
        Guard::OwnRole { after, .. } => format!("lowers your own role to {after}"),
        Guard::OwnRemoval { .. } => "takes you out of the organization".to_owned(),
        Guard::Removal { who } => format!("takes {} out of the organization", some_of(who)),
        // a guard that is newer than this rim is still to be confirmed
        _ => "needs a confirmation".to_owned(),
    };
    Confirmation { guard, message }
}

fn some_of(who: &[String]) -> String {
    match who {
        [first, second, third, _, ..] => {
            format!("{first}, {second}, {third} and {} more", who.len() - 3)
        }
        few => few.join(", "),
    }
}

/// Of a recipient's number the bit that says that its line is an id and no address; above it stands
/// the index of its list of roles.
const IS_ID: u32 = 1;

/// Plans invitations. `who` has a line for each recipient, `kinds` a number.
///
/// # Errors
///
/// If an argument is something else.
pub fn plan_invites(
    who: &str,
    kinds: &[u32],
    users: &str,
    options: &str,
    mapping: &impl Mapping,
) -> Result<String, Misuse> {
    let asked = Asked::read(users, options)?;
    let lists = asked.given.role_lists.iter();
    let lists = lists.map(|texts| match texts.as_slice() {
        [] => asked.role_ids(&asked.given.role),
        own => asked.role_ids(own),
    });
    let lists: &mut Vec<Result<Vec<RoleId>, InvalidRole>> = kept(lists.collect());
    let mut planner = Planner::new(&asked.people, &asked.context, kinds.len());
    let mut refused = Vec::new();
    for (row, (who, kind)) in who.split('\n').zip(kinds).enumerate() {
        let Some(roles) = lists.get((kind >> 1) as usize) else {
            return Err(format!("recipients[{row}]: has no list of roles"));
        };
        let found = match kind & IS_ID {
            0 => None,
            _ => asked.people.find(who),
        };
        let address = match found {
            Some(index) => Ok(asked.people.row(index).email),
            None if kind & IS_ID == 0 => Ok(who),
            None => Err(Wrong::from(Reason::UnknownUser { user: who.into() })),
        };
        let wanted = address.and_then(|address| {
            let email = Email::read(address, mapping);
            let email = email.map_err(|invalid| Wrong::address(&invalid, None))?;
            Ok((email, roles.as_ref().map_err(Wrong::from)?))
        });
        match wanted {
            Ok((email, roles)) => planner.invite(row, &email, roles, asked.given.resend),
            Err(issue) => refused.push(Refused {
                row,
                who: who.to_owned(),
                issue,
            }),
        }
    }
    Ok(planned(planner.done(), refused))
}

/// Plans changes of roles.
///
/// # Errors
///
/// If an argument is something else.
pub fn plan_role_change(
    changes: &str,
    users: &str,
    options: &str,
    mapping: &impl Mapping,
) -> Result<String, Misuse> {
    let changes: &mut Vec<GivenChange> = argument("changes", changes)?;
    let asked = Asked::read(users, options)?;
    let mut planner = Planner::new(&asked.people, &asked.context, changes.len());
    let mut refused = Vec::new();
    for (row, change) in changes.iter().enumerate() {
        let by_email = |email: &String| {
            // as it is invited, with the domain in its usual form; else as it is
            let usual = Email::read(email, mapping).ok();
            let index = usual.and_then(|usual| asked.people.find_email(usual.as_str()));
            let index = index.or_else(|| asked.people.find_email(email));
            index.map(|index| UserId::from(asked.people.row(index).id))
        };
        let (who, user) = match (&change.user, &change.email) {
            (Some(user), _) => (user.to_string(), user.clone()),
            // an address that nobody has is told as such by the planner
            (None, Some(email)) => (
                email.clone(),
                by_email(email).unwrap_or_else(|| email.as_str().into()),
            ),
            (None, None) => return Err(format!("changes[{row}]: has neither user nor email")),
        };
        let (texts, make): (_, fn(Vec<RoleId>) -> RoleChange) =
            match (&change.replace, &change.add, &change.remove) {
                (Some(roles), None, None) => (roles, RoleChange::Replace),
                (None, Some(roles), None) => (roles, RoleChange::Add),
                (None, None, Some(roles)) => (roles, RoleChange::Remove),
                _ => {
                    return Err(format!("changes[{row}]: has one of roles, add and remove"));
                }
            };
        match asked.role_ids(texts) {
            Ok(ids) => planner.re_role(row, &user, &make(ids)),
            Err(invalid) => refused.push(Refused {
                row,
                who,
                issue: Wrong::from(&invalid),
            }),
        }
    }
    Ok(planned(planner.done(), refused))
}

#[cfg(test)]
mod tests {
    use rolecall_core::email::NoMapping;
    use serde_json::{Value, json};

    use super::*;

    const USERS: &str = r#"[
        {"id":"u1","email":"owner@b.example","status":"active","roles":[{"id":"ORGANIZATION_OWNER"}]},
        {"id":"u2","email":"Member@b.example","status":"active","roles":[{"id":"ORGANIZATION_MEMBER"}]}
    ]"#;
    const OPTIONS: &str = r#"{"service":"astro","organization":"o1","me":"u1","role":["member"]}"#;

    fn parsed(plan: Result<String, Misuse>) -> Value {
        serde_json::from_str(&plan.unwrap()).unwrap()
    }

    fn options(role_lists: &Value) -> String {
        let mut options: Value = serde_json::from_str(OPTIONS).unwrap();
        options["roleLists"] = role_lists.clone();
        options.to_string()
    }

    #[test]
    fn rows_keep_their_numbers_whatever_is_refused() {
        let who = "nobody\nnew@b.example\nmember@b.example\nnew@b.example\nother@b.example\nu9\nboss@b.example\nu2";
        let options = options(&json!([[], ["OWNR"], ["owner"]]));
        let plan = parsed(plan_invites(
            who,
            &[0, 0, 0, 0, 2, 1, 4, 1],
            USERS,
            &options,
            &NoMapping,
        ));
        let rows = |list: &Value| -> Vec<u64> {
            let list = list.as_array().unwrap();
            list.iter().map(|it| it["row"].as_u64().unwrap()).collect()
        };
        assert_eq!(plan["row"], json!([1, 6]));
        assert_eq!(plan["emails"], "new@b.example\nboss@b.example\n");
        assert_eq!(rows(&plan["refused"]), [0, 4, 5, 2, 3, 7]);
        let codes: Vec<_> = plan["refused"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                let issue = &it["issue"];
                let code = issue["code"].as_str().or(issue["why"]["reason"].as_str());
                code.unwrap_or("an address")
            })
            .collect();
        assert_eq!(
            codes,
            [
                "an address",
                "UnknownRole",
                "unknownUser",
                "alreadySo",
                "duplicate",
                "duplicate"
            ]
        );
        assert_eq!(plan["refused"][4]["issue"]["why"]["row"], 1);
        assert_eq!(plan["refused"][4]["issue"]["message"], "the same as row 2");
        assert_eq!(
            plan["confirm"],
            json!([{ "guard": "escalation", "role": "Owner",
                "who": ["boss@b.example"], "message": "makes boss@b.example Owner" }])
        );
        let request = crate::build_request(&plan["shapes"][0]["call"].to_string(), "{}").unwrap();
        assert!(request.contains("new@b.example"), "{request}");
    }

    #[test]
    fn steps_that_differ_in_their_address_share_a_shape() {
        let who = "a@b.example\nb@b.example\nc@b.example";
        let options = options(&json!([[], ["owner"]]));
        let plan = parsed(plan_invites(who, &[0, 2, 0], USERS, &options, &NoMapping));
        assert_eq!(plan["shape"], json!([0, 1, 0]));
        assert_eq!(plan["shapes"][1]["after"], json!(["ORGANIZATION_OWNER"]));
    }

    #[test]
    fn the_last_owner_stays() {
        let changes = r#"[{"email":"OWNER@b.example","replace":["member"]}]"#;
        let plan = parsed(plan_role_change(changes, USERS, OPTIONS, &NoMapping));
        assert_eq!(plan["refused"][0]["issue"]["why"]["reason"], "lastOwner");
        let changes = r#"[{"user":"u2","replace":["owner"]},{"user":"u1","replace":["member"]}]"#;
        let plan = parsed(plan_role_change(changes, USERS, OPTIONS, &NoMapping));
        assert_eq!(plan["shapes"][0]["call"]["type"], "updateUserRoles");
        assert_eq!(plan["shapes"][0]["before"], json!(["ORGANIZATION_MEMBER"]));
        assert_eq!(plan["confirm"][0]["guard"], "escalation");
    }

    #[test]
    fn guards_know_the_roles_that_are_held_whichever_are_given() {
        let options = r#"{"service":"astro","organization":"o1","me":"u1","roles":[{"id":"r1","label":"Boss"}]}"#;
        let plan = |changes: &str, users: &str| {
            parsed(plan_role_change(changes, users, options, &NoMapping))
        };
        let one = r#"[{"user":"u1","replace":["boss"]}]"#;
        let why = &plan(one, USERS)["refused"][0]["issue"]["why"];
        assert_eq!(
            (&why["reason"], &why["role"]),
            (&json!("lastOwner"), &json!("Owner"))
        );
        let more = USERS.replace("ORGANIZATION_MEMBER", "ORGANIZATION_OWNER");
        let confirm = &plan(one, &more)["confirm"];
        assert_eq!(confirm[0]["guard"], "ownRole");
        assert_eq!(confirm[0]["message"], "lowers your own role to Boss");
        // a role that may change users asks, whatever else is told of it
        let boss = options.replace("\"Boss\"", "\"Boss\",\"managesUsers\":true");
        let other = r#"[{"user":"u2","replace":["boss"]}]"#;
        let plan = parsed(plan_role_change(other, USERS, &boss, &NoMapping));
        assert_eq!(plan["confirm"][0]["guard"], "escalation");
    }

    #[test]
    fn a_user_is_found_by_an_address_in_any_form_of_its_domain() {
        let changes = r#"[{"email":"Ann@B.example","replace":["owner"]}]"#;
        let users = r#"[{"id":"u3","email":"ann@b.example","roles":[]},{"id":"u4","email":"Ann@b.example","roles":[]}]"#;
        let plan = parsed(plan_role_change(changes, users, OPTIONS, &NoMapping));
        assert_eq!(plan["shapes"][0]["user"], "u4");
    }

    #[test]
    fn many_are_named_by_the_first_three() {
        let who: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).into();
        assert_eq!(some_of(&who), "a, b, c and 2 more");
        assert_eq!(some_of(&who[..3]), "a, b, c");
    }

    #[test]
    fn misuse_names_the_argument() {
        let change = |json: &str| plan_role_change(json, "[]", OPTIONS, &NoMapping).unwrap_err();
        assert!(change("[{}]").starts_with("changes[0]"));
        assert!(change(r#"[{"user":"u","add":[],"remove":[]}]"#).starts_with("changes[0]"));
        assert!(change("{}").starts_with("changes"));
        let invites = |b, c| plan_invites("a@b.example", &[0], b, c, &NoMapping).unwrap_err();
        assert!(invites("[]", OPTIONS).starts_with("recipients[0]"));
        assert!(invites("[{}]", OPTIONS).starts_with("users"));
        assert!(invites("[]", "{}").starts_with("options"));
    }
}
