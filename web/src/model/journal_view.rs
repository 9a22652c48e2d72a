//! An entry of the journal as the server tells it, and in words.

use rolecall_core::directory::Directory;
use rolecall_core::json::{FromJson, IfKnown};
use rolecall_core::plan::undo::Fact;
use rolecall_core::role::RoleId;
use rolecall_core::service::{Call, Service};

use super::words;

/// A change that was sent.
#[derive(Clone, Debug, PartialEq, FromJson)]
pub(crate) struct Entry {
    /// When, RFC 3339 UTC.
    pub(crate) at: String,
    /// The session that asked.
    pub(crate) who: String,
    /// Id of the connection.
    pub(crate) connection: String,
    /// Id of the organization.
    pub(crate) organization: String,
    /// The run that it is part of.
    #[serde(default)]
    pub(crate) run: Option<i64>,
    /// Address of the person.
    #[serde(default)]
    pub(crate) subject: Option<String>,
    method: String,
    path: String,
    what: IfKnown<Call>,
    before: IfKnown<Vec<RoleId>>,
    answer: Option<Answer>,
}

#[derive(Clone, Debug, Default, PartialEq, FromJson)]
#[serde(rename_all = "camelCase")]
struct Answer {
    outcome: String,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
}

/// An entry in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// What was asked.
    pub(crate) what: String,
    /// Roles before, where they are known.
    pub(crate) before: Option<String>,
    /// What came of it.
    pub(crate) result: String,
    /// Its class.
    pub(crate) class: &'static str,
    /// The service's words.
    pub(crate) message: Option<String>,
    /// The service's id of the request.
    pub(crate) request_id: Option<String>,
    /// Method and path.
    pub(crate) request: String,
}

impl Entry {
    /// In words, with the labels of the open organization's roles, and of those that services are known to have.
    pub(crate) fn told(&self, directory: &Directory) -> Told {
        let label = |id: &RoleId| {
            let role = directory.role(id);
            role.map_or_else(|| known_label(id), |role| role.label.clone())
        };
        let request = format!("{} {}", self.method, self.path);
        let what = self.what.0.as_ref().and_then(|call| call.in_words(&label));
        // somebody new had none
        let held = self.before.0.as_ref().filter(|roles| !roles.is_empty());
        let before = held.map(|roles| roles.iter().map(label).collect::<Vec<_>>().join(", "));
        let answer = self.answer.clone().unwrap_or_default();
        let (class, result) = match (answer.outcome.as_str(), answer.status) {
            ("done", _) => ("ok", "done".to_owned()),
            ("refused", Some(status)) => ("bad", format!("not done ({status})")),
            ("unsent", _) => ("off", "not sent".to_owned()),
            // an answer that tells nothing: the change may have been made
            (_, Some(status)) => ("wait", format!("not known ({status})")),
            (_, None) => ("wait", "no answer".to_owned()),
        };
        Told {
            what: words::sentence(what.as_deref().unwrap_or(&request)),
            before,
            result,
            class,
            // most of the service's words name the request already
            request_id: answer.request_id.filter(|id| {
                let message = answer.message.as_deref().unwrap_or_default();
                !message.contains(id.as_str())
            }),
            message: answer.message,
            request,
        }
    }

    /// What it did, if it may have done anything.
    pub(crate) fn fact(&self) -> Option<Fact> {
        let outcome = self.answer.as_ref().map(|it| it.outcome.as_str());
        let certain = match outcome {
            Some("done") => true,
            Some("refused" | "unsent") => return None,
            _ => false,
        };
        let email = self.subject.as_deref();
        let before = self.before.0.clone();
        Fact::of_call(self.what.0.as_ref()?, email, before, None, certain)
    }
}

/// A role's name where its organization is not open.
fn known_label(id: &RoleId) -> String {
    let mut roles = Service::ALL.into_iter().flat_map(Service::known_roles);
    let known = roles.find(|role| role.id == *id);
    known.map_or_else(|| id.to_string(), |role| role.label)
}

#[cfg(test)]
mod tests {
    use rolecall_core::plan::Act;

    use super::*;

    fn entry(answer: &str) -> Entry {
        let organization = "clm1".into();
        let call = Service::Astro.re_role(
            &organization,
            &"clm2".into(),
            &["ORGANIZATION_OWNER".into()],
        );
        let what = serde_json::to_string(&call).unwrap();
        serde_json::from_str(&format!(
            r#"{{"id":1,"at":"2026-11-21T08:00:00Z","who":"session 1","connection":"c","organization":"clm1",
            "subject":"a@example.org","method":"POST","path":"/x","what":{what},"before":["ORGANIZATION_MEMBER"],"answer":{answer}}}"#,
        ))
        .unwrap()
    }

    #[test]
    fn an_entry_says_what_was_before_and_what_came_of_it() {
        let directory = Directory::new(Service::Astro.known_roles());
        let told = entry(r#"{"outcome":"done","status":200}"#).told(&directory);
        assert_eq!(told.what, "Change role to Owner.");
        assert_eq!(told.before.as_deref(), Some("Member"));
        assert_eq!((&*told.result, told.class), ("done", "ok"));
        // whichever organization is open
        let other = Directory::new(Service::Astra.known_roles());
        let elsewhere = entry("null").told(&other);
        assert_eq!(elsewhere.what, "Change role to Owner.");
        assert_eq!(elsewhere.before.as_deref(), Some("Member"));
        let told = entry(r#"{"outcome":"refused","status":403,"message":"no"}"#).told(&directory);
        assert_eq!((&*told.result, told.class), ("not done (403)", "bad"));
        // what may have been made is not told as anything else
        for (answer, result) in [
            (r#"{"outcome":"unknown","status":500}"#, "not known (500)"),
            (r#"{"outcome":"unknown","status":200}"#, "not known (200)"),
            ("null", "no answer"),
        ] {
            let told = entry(answer).told(&directory);
            assert_eq!((&*told.result, told.class), (result, "wait"));
        }
    }

    #[test]
    fn only_what_may_have_been_done_is_a_fact() {
        let fact = entry(r#"{"outcome":"done","status":200}"#).fact().unwrap();
        assert_eq!((fact.act, fact.certain), (Act::ReRole, true));
        assert_eq!(fact.before, Some(vec!["ORGANIZATION_MEMBER".into()]));
        assert!(
            entry(r#"{"outcome":"refused","status":400}"#)
                .fact()
                .is_none()
        );
        assert!(!entry("null").fact().unwrap().certain);
    }
}
