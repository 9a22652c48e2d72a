//! A user as the panel shows one.

use rolecall_core::directory::{Directory, Scope};
use rolecall_core::plan::{Act, Context, Step, Team, Workspace};
use rolecall_core::role::Tier;

use super::row_view::RowView;
use super::words;

/// A user as the panel shows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserView {
    /// What the row shows.
    pub(crate) row: RowView,
    /// Address.
    pub(crate) email: String,
    /// Roles in the organization.
    pub(crate) roles: Vec<RoleLine>,
    /// Roles in its parts.
    pub(crate) scoped: Vec<ScopedLine>,
    /// A line for a terminal that reads this user.
    pub(crate) curl: String,
    /// The vendor's line that gives the roles held now, where there is one.
    pub(crate) vendor: Option<String>,
    /// The user as a block of Terraform, where the vendor's provider has users.
    pub(crate) terraform: Option<String>,
}

/// A role with what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleLine {
    /// Name.
    pub(crate) label: String,
    /// What it may do.
    pub(crate) summary: String,
    /// How much it may do.
    pub(crate) tier: Tier,
    /// Whether the user has it.
    pub(crate) held: bool,
    /// Whether it may change users.
    pub(crate) manages_users: bool,
}

/// A role in a part of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopedLine {
    /// "Workspace".
    pub(crate) scope: &'static str,
    /// Id of the part.
    pub(crate) of: String,
    /// "Workspace author".
    pub(crate) role: String,
}

impl ScopedLine {
    /// Name of the part, or its id where no name is known.
    pub(crate) fn name<'a>(&'a self, workspaces: &'a [Workspace]) -> &'a str {
        let named = workspaces.iter().find(|it| it.id == self.of);
        named.map_or(self.of.as_str(), |it| it.name.as_str())
    }
}

impl UserView {
    /// Describes the user at an index.
    pub(crate) fn of(directory: &Directory, index: usize, context: &Context) -> Self {
        let row = directory.row(index);
        let roles = directory.roles().iter().map(|role| RoleLine {
            label: role.label.clone(),
            summary: role.summary.clone(),
            tier: role.tier,
            held: row.roles.contains(&role.id),
            manages_users: role.manages_users,
        });
        let scoped = row.scoped.iter().map(|it| ScopedLine {
            scope: match it.scope {
                Scope::Workspace => "Workspace",
                Scope::Deployment => "Deployment",
                Scope::Dag => "DAG",
            },
            of: it.of.clone(),
            role: words::role_words(&it.role),
        });
        let user = row.id.into();
        let (service, organization) = (context.service, &context.organization);
        let step = Step {
            row: 0,
            act: Act::ReRole,
            email: row.email.to_owned(),
            user: None,
            before: Vec::new(),
            after: Vec::new(),
            call: service.re_role(organization, &user, row.roles),
        };
        Self {
            row: RowView::of(Some(service), directory, index, &[]),
            email: row.email.to_owned(),
            roles: roles.collect(),
            scoped: scoped.collect(),
            curl: service.get_user(organization, &user).curl(),
            vendor: step.vendor_command(directory),
            terraform: service.terraform(&row),
        }
    }
}

/// Where roles come from besides the user: "Platform (Owner), managed by your identity provider".
pub(crate) fn team(team: &Team, directory: &Directory) -> String {
    let mut text = team.name.clone();
    if let Some(id) = &team.role {
        text.push_str(" (");
        text.push_str(
            directory
                .role(id)
                .map_or(id.as_str(), |role| role.label.as_str()),
        );
        text.push(')');
    }
    if team.managed {
        text.push_str(words::BY_IDENTITY_PROVIDER);
    }
    text
}

#[cfg(test)]
mod tests {
    use rolecall_core::directory::{HeldRole, ScopedRole, Status, User};
    use rolecall_core::plan::Change;
    use rolecall_core::service::Service;

    use super::*;

    fn directory() -> Directory {
        let mut directory = Directory::new(Service::ALL[0].known_roles());
        let id = directory.roles()[0].id.clone();
        let user = User {
            id: "u1".into(),
            email: "ada@example.org".to_owned(),
            name: "Ada Okafor".to_owned(),
            status: Status::Active,
            roles: vec![HeldRole {
                id,
                name: String::new(),
            }],
            scoped: vec![ScopedRole {
                scope: Scope::Workspace,
                of: "w1".to_owned(),
                role: "WORKSPACE_AUTHOR".to_owned(),
            }],
            created: String::new(),
        };
        directory.apply(&Change::User { user });
        directory
    }

    #[test]
    fn everything_known_of_a_user() {
        let directory = directory();
        let context = Context {
            service: Service::ALL[0],
            organization: "c1".into(),
            me: None,
        };
        let view = UserView::of(&directory, 0, &context);
        let held: Vec<_> = view.roles.iter().filter(|it| it.held).collect();
        assert_eq!(held.len(), 1);
        assert!(held[0].manages_users);
        assert_eq!(view.scoped[0].role, "Workspace author");
        let workspaces = [Workspace {
            id: "w1".to_owned(),
            name: "Research".to_owned(),
        }];
        assert_eq!(view.scoped[0].name(&workspaces), "Research");
        assert_eq!(view.scoped[0].name(&[]), "w1");
        assert!(
            view.curl.contains("/organizations/c1/users/u1"),
            "{}",
            view.curl
        );
        assert!(view.vendor.unwrap().contains("ada@example.org"));
        assert!(view.terraform.unwrap().contains("\"u1\""));
    }

    #[test]
    fn a_team_says_what_it_gives_and_who_keeps_it() {
        let directory = directory();
        let by_hand = Team {
            name: "Platform".to_owned(),
            role: Some(directory.roles()[0].id.clone()),
            managed: false,
        };
        let label = &directory.roles()[0].label;
        assert_eq!(team(&by_hand, &directory), format!("Platform ({label})"));
        let kept = Team {
            role: None,
            managed: true,
            ..by_hand
        };
        assert_eq!(
            team(&kept, &directory),
            "Platform, managed by your identity provider"
        );
    }
}
