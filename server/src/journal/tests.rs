use serde_json::json;

use rolecall_core::service::Service;
use serde_json::Value;

use super::*;

pub(super) fn sent(path: &str) -> Sent {
    Sent {
        who: "session 1".to_owned(),
        connection: "sandbox-astro".to_owned(),
        service: Service::ALL[0],
        organization: "c1".to_owned(),
        row: None,
        subject: None,
        method: "POST".to_owned(),
        path: path.to_owned(),
        what: json!({ "role": "ORGANIZATION_MEMBER" }),
        before: Some(json!(null)),
    }
}

fn all() -> Query {
    Query {
        limit: 100,
        ..Query::default()
    }
}

#[tokio::test]
async fn a_change_is_there_before_its_answer_and_after_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = Journal::open(&path, World::real()).unwrap();
    let one = journal.sent(sent("/one")).await.unwrap();
    let two = journal.sent(sent("/two")).await.unwrap();
    let answer = Answered {
        outcome: Outcome::Refused,
        status: Some(400),
        request_id: Some("r-1".to_owned()),
        message: Some("no".to_owned()),
    };
    journal
        .answered(one, answer, News::None, None)
        .await
        .unwrap();
    drop(journal);

    let journal = Journal::open(&path, World::real()).unwrap();
    let entries = journal.entries(all()).await.unwrap();
    assert_eq!(
        entries.iter().map(|it| it.id).collect::<Vec<_>>(),
        [two, one]
    );
    assert!(entries[0].answer.is_none());
    let answer = entries[1].answer.as_ref().unwrap();
    assert_eq!(
        (answer.outcome, answer.status),
        (Outcome::Refused, Some(400))
    );
    assert_eq!(answer.request_id.as_deref(), Some("r-1"));

    let with = |words: &str| Query {
        words: words.split_whitespace().map(str::to_owned).collect(),
        ..all()
    };
    for (words, found) in [
        ("/ONE", vec![one]),
        ("organization_member", vec![two, one]),
        ("member refused R-1", vec![one]),
        ("member nowhere", vec![]),
        ("100% _", vec![]),
    ] {
        let entries = journal.entries(with(words)).await.unwrap();
        let ids: Vec<_> = entries.iter().map(|it| it.id).collect();
        assert_eq!(ids, found, "{words}");
    }

    let other = Query {
        organization: Some("c2".to_owned()),
        ..all()
    };
    assert!(journal.entries(other).await.unwrap().is_empty());
    let earlier = Query {
        before: Some(two),
        ..all()
    };
    assert_eq!(journal.entries(earlier).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_persons_history_is_found_by_address_whatever_its_case() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
    for (path, subject) in [("/one", "Ada@Example.org"), ("/two", "grace@example.org")] {
        let about = Sent {
            subject: Some(subject.to_owned()),
            ..sent(path)
        };
        journal.sent(about).await.unwrap();
    }
    let of = |person: &str| Query {
        person: Some(person.to_owned()),
        ..all()
    };
    let found = journal.entries(of("ada@example.org")).await.unwrap();
    assert_eq!(
        found.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(),
        ["/one"]
    );
    assert!(journal.entries(of("a")).await.unwrap().is_empty());
}

#[tokio::test]
async fn nothing_in_it_can_be_changed_or_answered_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = Journal::open(&path, World::real()).unwrap();
    let id = journal.sent(sent("/one")).await.unwrap();
    let answer = || Answered {
        outcome: Outcome::Done,
        status: Some(200),
        request_id: None,
        message: None,
    };
    journal
        .answered(id, answer(), News::None, None)
        .await
        .unwrap();
    journal
        .answered(id, answer(), News::None, None)
        .await
        .unwrap_err();
    for sql in [
        "UPDATE sent SET who = 'x'",
        "DELETE FROM sent",
        "DELETE FROM answered",
        "UPDATE answered SET status = 1",
    ] {
        let error = journal
            .write(move |it| it.execute(sql, []))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    assert_eq!(journal.entries(all()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn many_at_once_are_all_kept() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
    let mut tasks = Vec::new();
    for i in 0..300 {
        let journal = journal.clone();
        tasks.push(tokio::spawn(async move {
            journal.sent(sent(&format!("/{i}"))).await
        }));
    }
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap().unwrap());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 300);
}

#[tokio::test]
async fn a_full_disk_is_said_so_and_leaves_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
    journal.sent(sent("/one")).await.unwrap();
    let pages = journal.write(|it| {
        let pages: i64 = it.pragma_query_value(None, "page_count", |row| row.get(0))?;
        it.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))
    });
    pages.await.unwrap();
    let mut large = sent("/two");
    large.what = Value::String("x".repeat(100_000));
    let error = journal.sent(large).await.unwrap_err();
    assert!(matches!(error, JournalError::Full), "{error}");
    assert_eq!(journal.entries(all()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_full_disk_takes_back_is_not_what_comes_after() {
    let mut database = Database::open_in_memory().unwrap();
    database
        .execute_batch("CREATE TABLE t (x); PRAGMA max_page_count = 20;")
        .unwrap();
    let (told, tells) = mpsc::channel();
    let insert = |name: &'static str, octets: u32| {
        let told = told.clone();
        let work: Work = Box::new(move |transaction| {
            let written = in_savepoint(transaction.unwrap(), |it| {
                it.execute("INSERT INTO t VALUES (zeroblob(?1))", [octets])
            });
            let failed = written.err().map(|error| JournalError::of(&error));
            let done: Done = Box::new(move |committed| {
                told.send((name, committed.is_ok())).unwrap();
            });
            (done, failed)
        });
        Job { work, alone: false }
    };
    let jobs = [("before", 1), ("too large", 1_000_000), ("after", 1)];
    let mut jobs: VecDeque<Job> = jobs.map(|(name, octets)| insert(name, octets)).into();
    while !jobs.is_empty() {
        write_together(&mut database, &mut jobs);
    }
    let told: Vec<_> = tells.try_iter().collect();
    let count: i64 = database
        .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap();
    let kept = told.iter().filter(|(_, kept)| *kept).count();
    assert_eq!(usize::try_from(count), Ok(kept));
    assert!(told.contains(&("after", true)) && told.contains(&("too large", false)));
}

#[tokio::test]
async fn who_waits_behind_another_program_waits_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = Journal::open(&path, World::real()).unwrap();
    let other = Database::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = tokio::time::Instant::now();
    let tasks = (0..4).map(|_| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.sent(sent("/one")).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        let error = task.await.unwrap().unwrap_err();
        assert!(matches!(error, JournalError::Locked), "{error}");
    }
    // 5 seconds for what was there first, and 5 for all that came meanwhile
    assert!(begun.elapsed() < std::time::Duration::from_secs(14));
    other.execute_batch("COMMIT").unwrap();
    journal.sent(sent("/two")).await.unwrap();
}

#[tokio::test]
async fn a_file_of_each_version_before_is_taken_on() {
    const TO_2: &str = "DROP INDEX sent_by_run; DROP INDEX runs_by_key;
        CREATE INDEX sent_by_run ON sent (run) WHERE run IS NOT NULL; ALTER TABLE runs DROP COLUMN key;
        ALTER TABLE runs DROP COLUMN settle; ALTER TABLE runs DROP COLUMN base;";
    const TO_1: &str = "ALTER TABLE runs DROP COLUMN undoes; ALTER TABLE runs DROP COLUMN acts;";
    for (back, version) in [([TO_2, TO_1].concat(), 1), (TO_2.to_owned(), 2)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let database = Database::open(&path).unwrap();
        database.execute_batch(include_str!("schema.sql")).unwrap();
        database.execute_batch(&back).unwrap();
        let run = "INSERT INTO runs (at, who, connection, organization, plan, state)
            VALUES (0, 'session 1', 'c', 'o', '{}', 'done')";
        database.execute_batch(run).unwrap();
        database
            .pragma_update(None, "user_version", version)
            .unwrap();
        drop(database);
        let journal = Journal::open(&path, World::real()).unwrap();
        let runs = journal.latest_runs(10).await.unwrap();
        assert_eq!(
            (runs.len(), runs[0].acts.as_ref(), runs[0].undoes),
            (1, None, None)
        );
        let run = journal.run(runs[0].id).await.unwrap().unwrap();
        assert_eq!(
            (run.new.base, run.new.settle, run.new.key),
            (None, None, None)
        );
    }
}

#[test]
fn a_newer_or_foreign_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    drop(Journal::open(&path, World::real()).unwrap());
    let database = Database::open(&path).unwrap();
    database
        .pragma_update(None, "user_version", VERSION + 1)
        .unwrap();
    drop(database);
    let error = Journal::open(&path, World::real()).err().unwrap();
    assert!(error.to_string().contains("newer version"), "{error}");

    let text = folder.path().join("text.sqlite");
    std::fs::write(
        &text,
        "this is not a database at all, whatever its name may say",
    )
    .unwrap();
    let error = Journal::open(&text, World::real()).err().unwrap();
    assert!(error.to_string().contains("no journal"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.sqlite"), World::real()).unwrap();
    journal.sent(sent("/one")).await.unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
        files += 1;
    }
    assert!(files >= 2, "the journal and its write-ahead log");
}
