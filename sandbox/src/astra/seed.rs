//! What Astra holds before anybody has changed anything.

use rolecall_core::astra::list_roles::Policy;
use rolecall_core::astra::{RoleId, Status};
use rolecall_core::endpoint::encode_json;
use rusqlite::{Connection, Result, params};

use super::store::{Member, Store, ids};
use super::{ADMINISTRATOR, BUILT_IN, CLI_TOKEN};
use crate::dice::Dice;
use crate::ids as new;
use crate::people::People;

/// Users of the middle organization.
const MIDDLE: u32 = 300;

/// The plain member's role: it may read users and change none.
const MEMBER: &str = "R/W User";

/// How often each built-in role occurs among a hundred.
const SHARES: [(&str, u64); 10] = [
    (MEMBER, 32),
    ("RO User", 24),
    ("Database Administrator", 14),
    ("UI View Only", 9),
    ("API R/W User", 7),
    ("API RO User", 5),
    ("Billing Admin", 3),
    ("Admin User", 3),
    ("R/W Svc Acct", 2),
    ("Organization Administrator", 1),
];

/// Name, permissions and keyspace of roles which the middle organization made. A name with a comma
/// cannot be given to the vendor's CLI.
const CUSTOM: [(&str, &[&str], &str); 3] = [
    (
        "Analytics Reader",
        &["org-user-read", "org-db-view", "db-table-select"],
        "analytics",
    ),
    (
        "Rôle d’astreinte",
        &["org-user-read", "org-db-view", "org-db-suspend"],
        "*",
    ),
    (
        "Load, then read",
        &["org-db-view", "db-table-modify", "db-table-select"],
        "staging",
    ),
];

/// Fills the tables.
pub(crate) fn fill(db: &Connection, people: &People, seed: u64) -> Result<()> {
    let store = Store(db);
    let dice = Dice::new(seed, "astra");
    let mut crowd = people.of("stellardata.example", &dice);

    let (key, organization) = add_organization(db, "Stellar Data", &dice)?;
    tokens(db, key, &dice)?;
    db.execute(
        "INSERT INTO astra_token VALUES (?1, ?2, 'owner', ?3, 0)",
        params![CLI_TOKEN, key, ids(&[ADMINISTRATOR.into()])],
    )?;
    let admin = Member {
        id: new::uuid(&dice),
        email: crowd.named("alice", "Alice").email,
        status: Status::Active,
        roles: vec![ADMINISTRATOR.into()],
    };
    store.add_member(key, &admin)?;
    let second = Member {
        id: new::uuid(&dice),
        email: crowd.named("Bob.Admin", "Bob").email,
        status: Status::Active,
        roles: vec![ADMINISTRATOR.into(), built_in(MEMBER)],
    };
    store.add_member(key, &second)?;
    let custom = custom_roles(db, key, &organization, &admin.id, &dice)?;
    for person in crowd.curiosities() {
        store.add_member(
            key,
            &Member {
                id: new::uuid(&dice),
                email: person.email,
                status: Status::Active,
                roles: vec![built_in(MEMBER)],
            },
        )?;
    }
    let present: u32 = db.query_row("SELECT count(*) FROM astra_user", [], |row| row.get(0))?;
    for _ in present..MIDDLE {
        let count = dice.weighted([75, 19, 6].into_iter()) + 1;
        let mut roles: Vec<RoleId> = Vec::new();
        while roles.len() < count {
            let role = if dice.per_mille(60) {
                dice.pick(&custom).clone()
            } else {
                let at = dice.weighted(SHARES.iter().map(|(_, share)| *share));
                built_in(SHARES[at].0)
            };
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        let member = Member {
            id: new::uuid(&dice),
            email: crowd.next().email,
            status: if dice.per_mille(80) {
                Status::Invited
            } else {
                Status::Active
            },
            roles,
        };
        store.add_member(key, &member)?;
    }

    // A personal organization: it has the address of its only member as its name.
    let person = "olive.owner@cosmicenergy.example";
    let (key, _) = add_organization(db, person, &dice)?;
    tokens(db, key, &dice)?;
    let admin = Member {
        id: new::uuid(&dice),
        email: person.to_owned(),
        status: Status::Active,
        roles: vec![ADMINISTRATOR.into()],
    };
    store.add_member(key, &admin)
}

fn add_organization(db: &Connection, name: &str, dice: &Dice) -> Result<(i64, String)> {
    let id = new::uuid(dice);
    db.execute(
        "INSERT INTO astra_organization (id, name) VALUES (?1, ?2)",
        params![id, name],
    )?;
    Ok((db.last_insert_rowid(), id))
}

fn tokens(db: &Connection, organization: i64, dice: &Dice) -> Result<()> {
    for (role, held) in [
        ("owner", RoleId::from(ADMINISTRATOR)),
        ("member", built_in(MEMBER)),
    ] {
        let client = dice.text(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 24);
        let token = format!("AstraCS:{client}:{}", new::hex(64, dice));
        db.execute(
            "INSERT INTO astra_token VALUES (?1, ?2, ?3, ?4, 1)",
            params![token, organization, role, ids(&[held])],
        )?;
    }
    Ok(())
}

fn custom_roles(
    db: &Connection,
    key: i64,
    organization: &str,
    maker: &str,
    dice: &Dice,
) -> Result<Vec<RoleId>> {
    let mut roles = Vec::new();
    for (name, actions, keyspace) in CUSTOM {
        let id = new::uuid(dice);
        let policy = Policy {
            description: format!("{name}, made by this organization"),
            resources: vec![
                format!("drn:astra:org:{organization}"),
                format!("drn:astra:org:{organization}:db:*"),
                format!("drn:astra:org:{organization}:db:*:keyspace:{keyspace}"),
            ],
            actions: actions.iter().map(|&it| it.to_owned()).collect(),
            effect: "allow".to_owned(),
        };
        db.execute(
            "INSERT INTO astra_role (organization, id, name, policy, last_update_date_time,
                 last_update_user_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                key,
                id,
                name,
                String::from_utf8_lossy(&encode_json(&policy)),
                "2026-01-15T09:30:00Z",
                maker
            ],
        )?;
        roles.push(id.into());
    }
    Ok(roles)
}

fn built_in(name: &str) -> RoleId {
    BUILT_IN
        .iter()
        .find(|role| role.name == name)
        .map(|role| role.id.clone())
        .expect("the seed names roles of the file of built-in roles")
}
