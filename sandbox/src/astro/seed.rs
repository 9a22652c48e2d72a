//! What Astro holds before anybody has changed anything.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_core::astro::{
    DagRole, DeploymentRole, OrganizationRole, Status, User, WorkspaceRole,
};
use rusqlite::{Connection, Result, params};
use serde_json::json;

use super::store::{Invite, Store};
use super::users::WORKSPACE_ROLES;
use crate::dice::Dice;
use crate::ids;
use crate::people::{People, Person};

/// When the first user joined: 2019-03-04 09:00 UTC, in milliseconds.
const FIRST_MS: u64 = 1_551_690_000_000;

/// When the last one did: 2026-10-30 17:00 UTC, in milliseconds.
const LAST_MS: u64 = 1_793_379_600_000;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Users of the middle organization.
const MIDDLE: u32 = 120;

/// The place in the list from which on there is one user of each role and status.
const ONE_OF_EACH: u32 = 39;

const WORKSPACES: [&str; 12] = [
    "Analytics",
    "Platform",
    "Billing Pipelines",
    "Machine Learning",
    "Prévisions météo",
    "データ基盤",
    "Smart Meters",
    "Trading Desk",
    "Regulatory Reports",
    "Sandbox",
    "Wind & Solar",
    "Zentrale Dienste",
];

const TEAMS: [&str; 6] = [
    "Data Platform",
    "Analysts",
    "On Call",
    "Équipe réseau",
    "Finance Reporting",
    "Contractors",
];

const DAGS: [&str; 5] = [
    "daily_load",
    "meter_readings",
    "invoice_run",
    "forecast_refresh",
    "gdpr_cleanup",
];

/// First and second words of the names of further organizations: a thousand together.
const FURTHER: [[&str; 40]; 2] = [
    [
        "Aurora", "Borealis", "Cirrus", "Delta", "Ember", "Fjörd", "Gravity", "Horizon", "Indigo",
        "Juniper", "Kestrel", "Lumen", "Meridian", "Nimbus", "Orchard", "Prism", "Quartz", "Rïver",
        "Summit", "Tidal", "Umbra", "Vertex", "Willow", "Xenon", "Yonder", "Zenith", "Alpine",
        "Basalt", "Cobalt", "Dune", "Estuary", "Flint", "Glacier", "Harbor", "Isthmus", "Jade",
        "Krypton", "Lagoon", "Maple", "Nordic",
    ],
    [
        "Labs",
        "Foods",
        "Freight",
        "Insurance",
        "Robotics",
        "Textiles",
        "Media",
        "Bank",
        "Airways",
        "Motors",
        "Health",
        "Games",
        "Steel",
        "Paper",
        "Optics",
        "Telecom",
        "Water",
        "Rail",
        "Seeds",
        "Glass",
        "Studios",
        "Mining",
        "Ceramics",
        "Books",
        "Cycles",
        "Tools",
        "Marine",
        "Timber",
        "Solar",
        "Audio",
        "Pharma",
        "Toys",
        "Wines",
        "Tea",
        "Coffee",
        "Fabrics",
        "Salt",
        "Shoes",
        "Stone",
        "Works",
    ],
];

/// Fills the tables. `users` is the size of the large organization, `further` how many small ones
/// there are beside the three.
pub(crate) fn fill(
    db: &Connection,
    people: &People,
    seed: u64,
    users: u32,
    further: u32,
) -> Result<()> {
    let dice = Dice::new(seed, "astro");
    let persons = [
        Token {
            role: "owner",
            id: ids::cuid(FIRST_MS, &dice),
            local: "olive.owner",
            name: "Olive Owner",
            holds: OrganizationRole::Owner,
        },
        Token {
            role: "member",
            id: ids::cuid(FIRST_MS, &dice),
            local: "mina.member",
            name: "Mina Member",
            holds: OrganizationRole::Member,
        },
    ];
    let mut seeding = Seeding {
        store: Store(db),
        people,
        persons,
        seed,
    };
    seeding.organization("Cosmic Energy", Size::Crowd(users))?;
    seeding.organization("Cosmic Energy Staging", Size::Crowd(MIDDLE))?;
    seeding.organization("Example Labs", Size::Small(0))?;
    for n in 0..further {
        seeding.organization(&further_name(n as usize), Size::Small(n % 6))?;
    }
    Ok(())
}

fn further_name(n: usize) -> String {
    let [first, second] = &FURTHER;
    let round = n / 1600;
    let name = format!("{} {}", first[n % 40], second[(n + n / 40) % 40]);
    match round {
        0 => name,
        more => format!("{name} {}", more + 1),
    }
}

/// A person with a token; the same one in each organization.
struct Token {
    role: &'static str,
    id: String,
    local: &'static str,
    name: &'static str,
    holds: OrganizationRole,
}

#[derive(Clone, Copy)]
enum Size {
    /// So many users in all, with teams, workspaces and roles of its own.
    Crowd(u32),
    /// So many users besides those with tokens.
    Small(u32),
}

struct Seeding<'s> {
    store: Store<'s>,
    people: &'s People,
    persons: [Token; 2],
    seed: u64,
}

/// Where users of an organization may have roles.
struct Scopes {
    workspaces: Vec<String>,
    /// Each with its workspace.
    deployments: Vec<(String, String)>,
    teams: Vec<String>,
    roles: Vec<&'static str>,
}

impl Seeding<'_> {
    fn organization(&mut self, name: &str, size: Size) -> Result<()> {
        let db = self.store.0;
        let dice = Dice::new(self.seed, &format!("astro {name}"));
        let id = ids::cuid(FIRST_MS - DAY_MS, &dice);
        db.prepare_cached(
            "INSERT INTO astro_organization (id, name, founder, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            id,
            name,
            self.persons[0].id,
            ids::moment(FIRST_MS - DAY_MS),
            ids::moment(LAST_MS - DAY_MS)
        ])?;
        let key = db.last_insert_rowid();
        // All organizations share one domain: a person has one address.
        let mut crowd = self.people.of("cosmicenergy.example", &dice);
        let mut persons = Vec::new();
        for token in &self.persons {
            db.prepare_cached("INSERT INTO astro_token VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![jwt(token, &id, &dice), token.id, key, token.role])?;
            persons.push((crowd.named(token.local, token.name), token));
        }
        for (person, token) in &persons {
            let user = User {
                organization_role: Some(token.holds.clone()),
                ..joined(token.id.clone(), person, FIRST_MS, token.role)
            };
            self.store.add_user(key, &user)?;
        }
        let (users, scopes) = match size {
            Size::Crowd(users) => (
                users.saturating_sub(2),
                Some(self.scopes(key, users, &dice)?),
            ),
            Size::Small(users) => (users, None),
        };
        if scopes.is_none() {
            self.workspace(key, "Main", &dice)?;
        }
        let mut curious = match size {
            Size::Crowd(_) => crowd.curiosities(),
            Size::Small(_) => Vec::new(),
        }
        .into_iter();
        let step = (LAST_MS - FIRST_MS) / u64::from(users + 1);
        for n in 0..users {
            let at = FIRST_MS + u64::from(n) * step + dice.below(step.max(2) / 2) + 1000;
            let person = match n % 7 {
                3 => curious.next(),
                _ => None,
            };
            let ordinary = person.is_none();
            let person = person.unwrap_or_else(|| crowd.next());
            let mut user = joined(ids::cuid(at, &dice), &person, at, "");
            // Whoever has the same address in another organization is the same person.
            if let Some(known) = self.store.person(&user.username.to_lowercase())? {
                user.id = known.id;
            }
            if ordinary {
                self.standing(&mut user, n, &dice);
            }
            if let Some(scopes) = &scopes {
                self.roles(&mut user, scopes, &dice)?;
            }
            if user.status == Status::Pending {
                let invite = Invite {
                    id: ids::cuid(at, &dice),
                    user: user.id.as_str().to_owned(),
                    expires_at: ids::moment(at + 7 * DAY_MS),
                };
                self.store.add_invite(key, &invite)?;
            }
            self.store.add_user(key, &user)?;
        }
        Ok(())
    }

    /// Role and status in realistic shares: a handful of owners, most people plain members.
    fn standing(&self, user: &mut User, n: u32, dice: &Dice) {
        let (role, status) = match n.checked_sub(ONE_OF_EACH) {
            // One of each early on, so that a middle organization has them all; the sixth place is a
            // curiosity's.
            Some(0 | 1) => (Some(OrganizationRole::Owner), Status::Active),
            Some(2) => (Some(OrganizationRole::BillingAdmin), Status::Active),
            Some(4) => (Some(OrganizationRole::ObserveAdmin), Status::Active),
            Some(5) => (Some(OrganizationRole::ObserveMember), Status::Active),
            Some(3) => (None, Status::Inactive),
            Some(7) => (Some(OrganizationRole::Member), Status::Pending),
            Some(8) => (Some(OrganizationRole::Member), Status::Inactive),
            Some(9) => (Some(OrganizationRole::Member), Status::Banned),
            _ => rolled(dice),
        };
        if status == Status::Pending {
            user.full_name.clear();
            user.avatar_url.clear();
            user.updated_at.clone_from(&user.created_at);
        }
        user.organization_role = role;
        user.status = status;
    }

    /// Roles in workspaces, deployments and on DAGs, and teams, for some.
    fn roles(&self, user: &mut User, scopes: &Scopes, dice: &Dice) -> Result<()> {
        if user.organization_role.is_none() {
            return Ok(());
        }
        if dice.per_mille(350) {
            let first = dice.below(scopes.workspaces.len() as u64) as usize;
            let count = dice.weighted([6, 3, 1].into_iter()) + 1;
            user.workspace_roles = (0..count)
                .map(|n| WorkspaceRole {
                    workspace_id: scopes.workspaces[(first + n) % scopes.workspaces.len()]
                        .clone()
                        .into(),
                    role: WORKSPACE_ROLES[dice.weighted([1, 3, 4, 8].into_iter())].to_owned(),
                })
                .collect();
        }
        if dice.per_mille(80) {
            let (deployment, home) = dice.pick(&scopes.deployments);
            if !user
                .workspace_roles
                .iter()
                .any(|it| it.workspace_id.as_str() == home)
            {
                user.workspace_roles.push(WorkspaceRole {
                    workspace_id: home.clone().into(),
                    role: "WORKSPACE_ACCESSOR".to_owned(),
                });
            }
            user.deployment_roles = vec![DeploymentRole {
                deployment_id: deployment.clone().into(),
                role: (*dice.pick(&scopes.roles)).to_owned(),
            }];
            if dice.per_mille(400) {
                let by_tag = dice.per_mille(300);
                let dag = (*dice.pick(&DAGS)).to_owned();
                user.dag_roles = vec![DagRole {
                    deployment_id: deployment.clone().into(),
                    role: (*dice.pick(&["DAG_VIEWER", "DAG_AUTHOR"])).to_owned(),
                    dag_id: (!by_tag).then_some(dag),
                    dag_tag: by_tag.then(|| "nightly".to_owned()),
                }];
            }
        }
        if dice.per_mille(150) {
            self.store
                .0
                .prepare_cached("INSERT INTO astro_team_member VALUES (?1, ?2)")?
                .execute([user.id.as_str(), dice.pick(&scopes.teams).as_str()])?;
        }
        Ok(())
    }

    /// Workspaces, deployments, teams and custom roles.
    fn scopes(&self, organization: i64, users: u32, dice: &Dice) -> Result<Scopes> {
        let db = self.store.0;
        let names = match users {
            0..1000 => &WORKSPACES[..3],
            _ => &WORKSPACES,
        };
        let mut scopes = Scopes {
            workspaces: Vec::new(),
            deployments: Vec::new(),
            teams: Vec::new(),
            roles: vec!["DEPLOYMENT_ADMIN", "Deployment_Viewer", "Release Manager"],
        };
        for name in names {
            let workspace = self.workspace(organization, name, dice)?;
            for _ in 0..2 {
                let id = ids::cuid(FIRST_MS, dice);
                db.prepare_cached("INSERT INTO astro_deployment VALUES (?1, ?2)")?
                    .execute([&id, &workspace])?;
                scopes.deployments.push((id, workspace.clone()));
            }
            scopes.workspaces.push(workspace);
        }
        for (name, description, scope) in [
            (
                "Deployment_Viewer",
                "Can only view Deployments.",
                "DEPLOYMENT",
            ),
            (
                "Release Manager",
                "Deploys code and restarts Deployments.",
                "DEPLOYMENT",
            ),
            ("DAG Operator", "Starts and clears runs of a DAG.", "DAG"),
        ] {
            db.prepare_cached("INSERT INTO astro_custom_role VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![
                    ids::cuid(FIRST_MS, dice),
                    organization,
                    name,
                    description,
                    scope,
                    ids::moment(FIRST_MS + DAY_MS)
                ])?;
        }
        for (n, name) in TEAMS.iter().enumerate() {
            let id = ids::cuid(FIRST_MS, dice);
            let workspace = &scopes.workspaces[n % scopes.workspaces.len()];
            db.prepare_cached("INSERT INTO astro_team VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
                .execute(params![
                    id,
                    organization,
                    name,
                    format!("People of {name}"),
                    OrganizationRole::Member.as_str(),
                    n == 1,
                    json!([{"workspaceId": workspace, "role": WORKSPACE_ROLES[2 + n % 2]}])
                        .to_string(),
                    ids::moment(FIRST_MS + DAY_MS)
                ])?;
            scopes.teams.push(id);
        }
        Ok(scopes)
    }

    fn workspace(&self, organization: i64, name: &str, dice: &Dice) -> Result<String> {
        let id = ids::cuid(FIRST_MS, dice);
        self.store
            .0
            .prepare_cached("INSERT INTO astro_workspace VALUES (?1, ?2, ?3, '', ?4)")?
            .execute(params![id, organization, name, ids::moment(FIRST_MS)])?;
        Ok(id)
    }
}

/// Role and status of just anybody.
fn rolled(dice: &Dice) -> (Option<OrganizationRole>, Status) {
    let role = match dice.weighted([1, 6, 10, 70, 6, 1907].into_iter()) {
        0 => Some(OrganizationRole::Owner),
        1 => Some(OrganizationRole::BillingAdmin),
        2 => Some(OrganizationRole::ObserveAdmin),
        3 => Some(OrganizationRole::ObserveMember),
        4 => None,
        _ => Some(OrganizationRole::Member),
    };
    let status = match dice.weighted([905, 55, 30, 10].into_iter()) {
        _ if role == Some(OrganizationRole::Owner) => Status::Active,
        0 => Status::Active,
        1 if role.is_some() => Status::Pending,
        3 => Status::Banned,
        _ => Status::Inactive,
    };
    (role, status)
}

/// A plain member who has joined.
fn joined(id: String, person: &Person, at: u64, picture: &str) -> User {
    let picture = match picture {
        "" => format!("https://avatars.example.com/{}.png", &id[17..]),
        known => format!("https://avatars.example.com/{known}.png"),
    };
    User {
        username: person.email.clone(),
        full_name: person.name.clone(),
        avatar_url: picture,
        status: Status::Active,
        created_at: ids::moment(at),
        updated_at: ids::moment(at + (LAST_MS - at) / 3),
        organization_role: Some(OrganizationRole::Member),
        workspace_roles: Vec::new(),
        deployment_roles: Vec::new(),
        dag_roles: Vec::new(),
        id: id.into(),
    }
}

/// A token of the service's form: a JSON Web Token whose signature nobody checks.
fn jwt(token: &Token, organization: &str, dice: &Dice) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(json!({"alg": "RS256", "typ": "JWT", "kid": "sandbox"}));
    let payload = part(json!({
        "iss": "https://sandbox.example/",
        "aud": "astronomer-ee",
        "sub": token.id,
        "iat": FIRST_MS / 1000,
        "permissions": [format!("organizationId:{organization}")],
    }));
    let signature: Vec<u8> = (0..8).flat_map(|_| dice.roll().to_be_bytes()).collect();
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn further_organizations_have_names_of_their_own() {
        let names: HashSet<String> = (0..4000).map(further_name).collect();
        assert_eq!(names.len(), 4000);
    }
}
