//! A user as a block for the vendor's Terraform provider: resources `astro_user_roles` and
//! `astro_user_invite` of its documentation.

use super::OrganizationRole;
use crate::user::{Row, Scope, ScopedRole, Status};

/// The block that keeps a user's roles as they are, with its import; for somebody who has not joined,
/// the block of the invitation.
pub(crate) fn block(user: &Row<'_>) -> String {
    let name = name(user.email);
    let role = user.roles.first().map_or("", |id| id.as_str());
    if *user.status == Status::Pending {
        let taken = OrganizationRole::from(role.to_owned()).in_cli();
        let note = match taken {
            true => "",
            false => "  # this resource takes owners, billing admins and members only\n",
        };
        return format!(
            "resource \"astro_user_invite\" \"{name}\" {{\n{note}  email = {}\n  role  = {}\n}}\n",
            quoted(user.email),
            quoted(role)
        );
    }
    let id = quoted(user.id);
    let mut block = format!(
        "import {{\n  to = astro_user_roles.{name}\n  id = {id}\n}}\n\n\
         resource \"astro_user_roles\" \"{name}\" {{\n  user_id           = {id}\n  organization_role = {}\n",
        quoted(role)
    );
    for (scope, list, of) in [
        (Scope::Workspace, "workspace_roles", "workspace_id"),
        (Scope::Deployment, "deployment_roles", "deployment_id"),
    ] {
        push_scoped(&mut block, user.scoped, scope, list, of);
    }
    if user.scoped.iter().any(|it| it.scope == Scope::Dag) {
        block.push_str("  # roles in DAGs are not part of this resource\n");
    }
    block.push_str("}\n");
    block
}

fn push_scoped(block: &mut String, scoped: &[ScopedRole], scope: Scope, list: &str, of: &str) {
    let mut some = scoped.iter().filter(|it| it.scope == scope).peekable();
    if some.peek().is_none() {
        return;
    }
    block.push_str(&format!("  {list} = [\n"));
    let width = of.len();
    for it in some {
        block.push_str(&format!(
            "    {{\n      {of} = {}\n      {:width$} = {}\n    }},\n",
            quoted(&it.of),
            "role",
            quoted(&it.role)
        ));
    }
    block.push_str("  ]\n");
}

/// A string of the configuration language.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    let text = text.replace("${", "$${").replace("%{", "%%{");
    format!("\"{text}\"")
}

/// A name for the block, of the letters and digits of the address.
fn name(email: &str) -> String {
    let sign = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let name: String = email.chars().map(sign).collect();
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => name,
        false => format!("user_{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::RoleId;

    fn row<'r>(status: &'r Status, roles: &'r [RoleId], scoped: &'r [ScopedRole]) -> Row<'r> {
        Row {
            id: "clm8qv74h000008mlf08scq7k",
            email: "1.Ada@example.org",
            name: "Ada",
            status,
            roles,
            scoped,
            created: "",
            invite: None,
        }
    }

    #[test]
    fn a_member_with_roles_in_parts_is_a_block_that_imports_itself() {
        let scoped = |scope, role: &str| ScopedRole {
            scope,
            of: "clx".to_owned(),
            role: role.to_owned(),
        };
        let scoped = [
            scoped(Scope::Workspace, "WORKSPACE_AUTHOR"),
            scoped(Scope::Deployment, "my \"${role}\""),
            scoped(Scope::Dag, "DAG_VIEWER"),
        ];
        let roles = [RoleId::from("ORGANIZATION_MEMBER")];
        assert_eq!(
            block(&row(&Status::Active, &roles, &scoped)),
            r#"import {
  to = astro_user_roles.user_1_ada_example_org
  id = "clm8qv74h000008mlf08scq7k"
}

resource "astro_user_roles" "user_1_ada_example_org" {
  user_id           = "clm8qv74h000008mlf08scq7k"
  organization_role = "ORGANIZATION_MEMBER"
  workspace_roles = [
    {
      workspace_id = "clx"
      role         = "WORKSPACE_AUTHOR"
    },
  ]
  deployment_roles = [
    {
      deployment_id = "clx"
      role          = "my \"$${role}\""
    },
  ]
  # roles in DAGs are not part of this resource
}
"#
        );
    }

    #[test]
    fn somebody_invited_is_an_invitation() {
        let roles = [RoleId::from("ORGANIZATION_OWNER")];
        let block = block(&row(&Status::Pending, &roles, &[]));
        assert_eq!(
            block,
            "resource \"astro_user_invite\" \"user_1_ada_example_org\" {\n  email = \"1.Ada@example.org\"\n  role  = \"ORGANIZATION_OWNER\"\n}\n"
        );
    }

    #[test]
    fn an_invitation_that_the_provider_refuses_says_so() {
        let roles = [RoleId::from("ORGANIZATION_OBSERVE_MEMBER")];
        let block = block(&row(&Status::Pending, &roles, &[]));
        assert!(block.contains("# this resource takes owners, billing admins and members only\n"));
    }
}
