//! A step as somebody would do it by hand: as `curl`, and with the vendor's own tool.

use super::{Act, Step};
use crate::directory::Directory;
use crate::endpoint::Site;
use crate::role::RoleId;
use crate::service::Call;

impl Call {
    /// The call as a `curl` line; the token stays in an environment variable.
    pub fn curl(&self) -> String {
        let service = self.service();
        let request = self.to_http(&Site {
            base: service.base(),
            token: None,
        });
        let mut line = format!(
            "curl -X {} {}",
            request.method(),
            quoted(&request.uri().to_string())
        );
        line.push_str(&format!(
            " -H \"Authorization: Bearer ${}\"",
            service.token_variable()
        ));
        if !request.body().is_empty() {
            let body = String::from_utf8_lossy(request.body());
            line.push_str(&format!(
                " -H 'Content-Type: application/json' -d {}",
                quoted(&body)
            ));
        }
        line
    }
}

impl Step {
    /// The step as a `curl` line; the token stays in an environment variable.
    pub fn curl(&self) -> String {
        self.call.curl()
    }

    /// The step as a line for the vendor's CLI, where that can do it: it invites nobody who is there already, be it
    /// to send the invitation again or to change what it gives.
    pub fn vendor_command(&self, directory: &Directory) -> Option<String> {
        if self.act != Act::Invite && self.call.invitee().is_some() {
            return None;
        }
        let key = |id: &RoleId| {
            directory
                .role(id)
                .map_or_else(|| id.to_string(), |role| role.key.clone())
        };
        let words = self.call.vendor_command(&self.email, &key)?;
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        Some(words.join(" "))
    }
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./@:,+=%".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Change, Context, Intent, plan};
    use crate::role::Role;
    use crate::service::Service;

    fn step(service: Service, email: &str, role: usize) -> (Step, Directory) {
        let directory = Directory::new(service.known_roles());
        let roles = vec![directory.roles()[role].id.clone()];
        let intent = Intent::Invite {
            email: email.parse().unwrap(),
            roles,
            resend: false,
        };
        let context = Context {
            service,
            organization: "c1".into(),
            me: None,
        };
        (
            plan(&[intent], &directory, &context).steps.remove(0),
            directory,
        )
    }

    #[test]
    fn an_invitation_by_hand() {
        let (step, directory) = step(Service::Astro, "o'hara@example.org", 0);
        assert_eq!(
            step.curl(),
            "curl -X POST https://api.astronomer.io/v1/organizations/c1/invites \
             -H \"Authorization: Bearer $ASTRO_API_TOKEN\" -H 'Content-Type: application/json' \
             -d '{\"inviteeEmail\":\"o'\\''hara@example.org\",\"role\":\"ORGANIZATION_OWNER\"}'"
        );
        assert_eq!(
            step.vendor_command(&directory).unwrap(),
            r"astro organization user invite 'o'\''hara@example.org' --role ORGANIZATION_OWNER"
        );
    }

    #[test]
    fn reading_a_user_by_hand() {
        let call = Service::Astro.get_user(&"c1".into(), &"u1".into());
        assert_eq!(
            call.curl(),
            "curl -X GET https://api.astronomer.io/v1/organizations/c1/users/u1 \
             -H \"Authorization: Bearer $ASTRO_API_TOKEN\""
        );
    }

    #[test]
    fn a_role_that_the_vendors_tool_refuses_has_no_line() {
        let (step, directory) = step(Service::Astro, "a@example.org", 2);
        assert_eq!(step.vendor_command(&directory), None);
    }

    #[test]
    fn nobody_who_is_invited_already_is_invited_by_the_vendors_tool() {
        let (mut step, directory) = step(Service::Astra, "a@example.org", 5);
        for act in [Act::Resend, Act::ReRole] {
            step.act = act;
            assert_eq!(step.vendor_command(&directory), None, "{act:?}");
        }
    }

    #[test]
    fn the_vendors_tool_changes_nobody_whose_address_has_capitals() {
        let service = Service::Astro;
        let (mut step, directory) = step(service, "casey@example.org", 0);
        step.act = Act::ReRole;
        step.call = service.re_role(&"c1".into(), &"u1".into(), &step.after);
        assert_eq!(
            step.vendor_command(&directory).unwrap(),
            "astro organization user update casey@example.org --role ORGANIZATION_OWNER"
        );
        step.email = "Casey@example.org".to_owned();
        assert_eq!(step.vendor_command(&directory), None);
    }

    #[test]
    fn a_role_with_a_comma_in_its_name_is_named_by_its_id() {
        let (step, mut directory) = step(Service::Astra, "a@example.org", 5);
        let role = Role {
            key: "Ops, Europe".to_owned(),
            ..directory.role(&step.after[0]).unwrap().clone()
        };
        let id = role.id.to_string();
        let (roles, total) = (vec![role], 1);
        directory.apply(&Change::Roles {
            roles,
            offset: 0,
            total,
        });
        assert_eq!(
            step.vendor_command(&directory).unwrap(),
            format!("astra user invite a@example.org -r {id}")
        );
    }

    #[test]
    fn astra_takes_role_names() {
        let (step, directory) = step(Service::Astra, "a@example.org", 5);
        let line = step.vendor_command(&directory).unwrap();
        assert_eq!(
            line,
            "astra user invite a@example.org -r 'Database Administrator'"
        );
    }
}
