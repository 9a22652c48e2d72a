use super::super::columns::ABOVE;
use super::super::tests::names;
use super::super::{Format, InvalidEntry, Options, Recipients, Who, read};
use super::*;
use crate::email::{EmailErrorKind, NoMapping};
use crate::service::Service;

fn table(text: &str) -> Recipients {
    let roles = Service::Astro.known_roles();
    let options = Options {
        roles: &roles,
        ..Options::default()
    };
    read(text, &options, &NoMapping)
}

/// Each entry as `line:address=name/role`.
fn told(text: &str) -> Vec<String> {
    table(text)
        .entries
        .iter()
        .map(|entry| match &entry.recipient {
            Ok(recipient) => {
                let who = match &recipient.who {
                    Who::Email(email) => email.as_str(),
                    Who::User { id, .. } => id,
                };
                let role = names(recipient).join("+");
                let name = recipient.name.as_deref().unwrap_or_default();
                format!("{}:{who}={name}/{role}", entry.line)
            }
            Err(InvalidEntry::Email(error)) => format!("{}!{}", entry.line, error.kind.name()),
            Err(InvalidEntry::Role(error)) => format!("{}!{}", entry.line, error.kind.name()),
        })
        .collect()
}

const OWNER: &str = "ORGANIZATION_OWNER";
const MEMBER: &str = "ORGANIZATION_MEMBER";

#[test]
fn a_header_names_the_columns_in_any_order() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = "\u{FEFF}Role,Full name,E-Mail\r\nowner,\"Lee; Ann, \"\"A\"\" | \tx\",a@b.co\r\n\r\n,Bob,c@d.co"
            .replace(',', delimiter);
        let list = table(&text);
        assert_eq!(
            list.header.as_deref(),
            Some(&["Role", "Full name", "E-Mail"].map(str::to_owned)[..])
        );
        let name = "Lee; Ann, \"A\" | \tx".replace(',', delimiter);
        assert_eq!(
            told(&text),
            [
                format!("2:a@b.co={name}/{OWNER}"),
                "4:c@d.co=Bob/".to_owned()
            ]
        );
    }
    assert_eq!(
        told("First name,Last name,Email\nAnn,Lee,a@b.co\n,Bo,\n"),
        ["2:a@b.co=Ann Lee/", "3!Empty"]
    );
    assert_eq!(
        told("sep=;\nemail;role\na@b.co;member"),
        [format!("3:a@b.co=/{MEMBER}")]
    );
}

#[test]
fn without_a_header_the_columns_tell_themselves() {
    assert_eq!(
        told("Lee,a@b.co,owner\nBo,c@d.co,membr\nCy,e@f.co,\nDi,nobody@,member"),
        [
            format!("1:a@b.co=/{OWNER}"),
            "2!UnknownRole".to_owned(),
            "3:e@f.co=/".to_owned(),
            "4!DomainEmpty".to_owned()
        ]
    );
    assert_eq!(told("a@b.co,owner"), [format!("1:a@b.co=/{OWNER}")]);
    assert_eq!(
        told("a@b.co\tx\tMember\nc@d.co\ty\tOwner"),
        [format!("1:a@b.co=/{MEMBER}"), format!("2:c@d.co=/{OWNER}")]
    );
}

#[test]
fn a_column_with_a_role_that_there_is_loses_none_that_there_is_not() {
    assert_eq!(
        told("jo@b.co,Besitzer\nkim@b.co,Owner"),
        ["1!UnknownRole".to_owned(), format!("2:kim@b.co=/{OWNER}")]
    );
    let few = (0..100)
        .map(|i| format!("p{i}@b.co,\n"))
        .collect::<String>();
    let told = told(&format!("{few}boss@b.co,Owner\n"));
    assert_eq!(told[100], format!("101:boss@b.co=/{OWNER}"));
}

#[test]
fn nobody_and_nothing_is_passed_over_below_the_rows_that_tell_the_form() {
    let rows = |n: usize, row: &str| -> String {
        (0..n).map(|i| row.replace('#', &i.to_string())).collect()
    };
    let text = rows(SAMPLE, "p#@b.co, Ann\n") + "c@d.co, e@f.co\n";
    assert_eq!(told(&text)[SAMPLE], "65!Separator");
    let text = rows(LOOKED_AT, "p#@b.co,\n") + "boss@b.co,Owner\n";
    assert_eq!(told(&text)[LOOKED_AT], format!("257:boss@b.co=/{OWNER}"));
}

#[test]
fn somebody_without_an_address_makes_no_other_row_unreadable() {
    let text = "Ann\tann@b.co\tOwner\nBob\t\tMember\nCy\tcy@b.co\tMember";
    assert_eq!(
        told(text),
        [
            format!("1:ann@b.co=/{OWNER}"),
            "2!Empty".to_owned(),
            format!("3:cy@b.co=/{MEMBER}")
        ]
    );
}

#[test]
fn a_semicolon_at_the_end_of_each_line_takes_no_role_away() {
    assert_eq!(
        told("a@b.co, owner;\nc@d.co, member;\n"),
        [format!("1:a@b.co=/{OWNER}"), format!("2:c@d.co=/{MEMBER}")]
    );
    assert_eq!(told("a@b.co, owner;"), [format!("1:a@b.co=/{OWNER}")]);
}

#[test]
fn a_header_has_names_of_its_own() {
    assert_eq!(
        told("Name,Work email,Current role\nJo B,jo@b.co,Owner"),
        [format!("2:jo@b.co=Jo B/{OWNER}")]
    );
    assert_eq!(
        told("Private email,Email,Old role,Role\nx@y.co,jo@b.co,Member,Owner"),
        [format!("2:jo@b.co=/{OWNER}")]
    );
}

#[test]
fn a_new_role_goes_before_the_one_so_far() {
    for (header, row) in [
        ("Email,Current role,New role", "jo@b.co,Member,Owner"),
        ("Email,New role,Old role", "jo@b.co,Owner,Member"),
        ("Email,Role,New role", "jo@b.co,Member,Owner"),
    ] {
        let told = told(&format!("{header}\n{row}"));
        assert_eq!(told, [format!("2:jo@b.co=/{OWNER}")], "{header}");
    }
}

#[test]
fn a_column_of_roles_may_be_called_anything() {
    assert_eq!(
        told("Email,Access level\njo@b.co,Owner\nkim@b.co,\nlee@b.co,OWNR"),
        ["2:jo@b.co=/", "3:kim@b.co=/", "4:lee@b.co=/"],
        "it may be something else"
    );
    assert_eq!(
        told("Email,Access level\njo@b.co,Owner\nkim@b.co,\nlee@b.co,member"),
        [
            format!("2:jo@b.co=/{OWNER}"),
            "3:kim@b.co=/".to_owned(),
            format!("4:lee@b.co=/{MEMBER}")
        ]
    );
}

#[test]
fn a_header_may_have_accents() {
    assert_eq!(
        told("Prénom;Email;Rôle\nJo;jo@b.co;Owner"),
        [format!("2:jo@b.co=Jo/{OWNER}")]
    );
    assert_eq!(
        told("Correo electro\u{301}nico,Rol\njo@b.co,Owner"),
        [format!("2:jo@b.co=/{OWNER}")]
    );
}

#[test]
fn a_title_may_stand_above_the_header() {
    let rows = "Email,Name,Role\na@b.co,Ann,owner\nb@b.co,Bo,OWNR\n";
    for above in [
        "People to invite\n",
        "Export of 2026-11-02,,\n,,\n",
        "\"A, B\"\n\nx,y\n",
    ] {
        let text = format!("{above}{rows}");
        let line = above.lines().count() + 2;
        assert_eq!(
            told(&text),
            [
                format!("{line}:a@b.co=Ann/{OWNER}"),
                format!("{}!UnknownRole", line + 1)
            ]
        );
        assert_eq!(table(&text).header.unwrap(), ["Email", "Name", "Role"]);
    }
    // a letter is none
    let letter = "Hi,\nplease use the work email, not the private one:\na@b.co, c@d.co";
    assert_eq!(table(letter).header, None);
    // not behind somebody, and not anywhere
    assert_eq!(table("x@b.co,member\nemail,role").header, None);
    let far = format!("{}email,role\na@b.co,owner", "x,y\n".repeat(ABOVE + 1));
    assert_eq!(table(&far).header, None);
}

#[test]
fn tables_as_programs_draw_them_lose_nothing_but_their_lines() {
    let drawn = "\
+--------------------------------------+----------------+---------+
| User Id                              | User Email     | Status  |
+--------------------------------------+----------------+---------+
| 9b01f7bb-ce9b-4de7-8685-beb5a869c1f0 | a@b.co         | active  |
| ba5533ab-769a-4ec6-aa5e-7f2c26943c57 | c@d.co         | invited |
+--------------------------------------+----------------+---------+
";
    assert_eq!(told(drawn), ["4:a@b.co=/", "5:c@d.co=/"]);
    let markdown =
        "| Name | Email | Role |\n|:---|---|--:|\n| Ann | a@b.co | owner |\n| - | c@d.co | |";
    assert_eq!(
        told(markdown),
        [format!("3:a@b.co=Ann/{OWNER}"), "4:c@d.co=-/".to_owned()]
    );
    // in another table they are what somebody wrote
    assert_eq!(told("email,role\n---,\n"), ["2!MissingAt"]);
}

#[test]
fn columns_that_stand_below_their_titles_are_a_table() {
    let printed = "
 FULLNAME          EMAIL              ID                            ORGANIZATION ROLE      CREATE DATE
 Ann B. Lee        a@b.co             clm8qv74h000008mlf08scq7k     ORGANIZATION_OWNER     2023-09-08T12:00:00Z
 Żółć  Ÿ           c@d.co             clm8qv74h000008mlf08scq7l     ORGANIZATION_MEMBER    2 days ago
                   e@f.co             clm8qv74h000008mlf08scq7m                            2 days ago
                   nobody
";
    assert_eq!(
        told(printed),
        [
            format!("3:a@b.co=Ann B. Lee/{OWNER}"),
            format!("4:c@d.co=Żółć  Ÿ/{MEMBER}"),
            "5:e@f.co=/".to_owned(),
            "6!MissingAt".to_owned(),
        ]
    );
    let list = table(printed);
    let delimiter = Delimiter::Blanks;
    assert_eq!(list.format, Format::Table { delimiter });
    let titles = [
        "FULLNAME",
        "EMAIL",
        "ID",
        "ORGANIZATION ROLE",
        "CREATE DATE",
    ];
    assert_eq!(list.header.as_deref(), Some(&titles.map(str::to_owned)[..]));
    let entry = &list.entries[2];
    assert_eq!(&printed[entry.address.clone()], "e@f.co");
    // what is longer than its column moves those behind it
    let moved = "NAME  EMAIL  ROLE\nMaximilian  a@b.co  owner\nBo  long.name@b.co  member\n";
    assert_eq!(
        told(moved),
        [
            format!("2:a@b.co=Maximilian/{OWNER}"),
            format!("3:long.name@b.co=Bo/{MEMBER}")
        ]
    );
}

#[test]
fn lists_are_not_taken_for_tables() {
    for text in [
        "a@b.co,c@d.co\ne@f.co,g@h.co",
        "a@b.co; c@d.co;",
        "Lee, Ann <a@b.co>\nBo, Cy <c@d.co>",
        "a@b.co, Ann",
        "email\na@b.co",
        "a@b.co",
        "Hello  all,\nwrite to my email  please:\na@b.co",
        "",
    ] {
        assert_eq!(table(text).format, Format::Addresses, "{text:?}");
    }
}

#[test]
fn ids_name_users() {
    assert_eq!(
        told("id,role\nclm8qv74h000008mlf08scq7k,owner"),
        [format!("2:clm8qv74h000008mlf08scq7k=/{OWNER}")]
    );
}

#[test]
fn one_row_that_is_wrong_is_wrong_alone() {
    let rows = |n: usize| -> String { (0..n).map(|i| format!("Ann,p{i}@b.co,owner\n")).collect() };
    for (odd, kind) in [
        ("Ann,b.co,owner", "MissingAt"),
        ("Ann,,owner", "Empty"),
        ("Total,2,", "MissingAt"),
        ("Lee, Ann,q@b.co,owner", "MissingAt"),
        ("Ann,q@b.co,r@b.co", "Separator"),
    ] {
        for (before, after) in [(0, 8), (1, 8), (8, 0), (100, 8)] {
            let all = told(&format!("{}{odd}\n{}", rows(before), rows(after)));
            assert_eq!(all.len(), before + after + 1, "{odd} {before}");
            assert_eq!(all[before], format!("{}!{kind}", before + 1));
            let owners = all.iter().filter(|it| it.ends_with(OWNER)).count();
            assert_eq!(owners, before + after, "{odd} {before}");
        }
    }
    assert_eq!(
        told("annexample.com;Ann;Owner\nbob@b.co;Bob;Member"),
        ["1!MissingAt".to_owned(), format!("2:bob@b.co=/{MEMBER}")]
    );
    // nor do titles that nobody knows take anybody away
    assert_eq!(
        told("Posta;Cognome;Ruolo\na@b.co;Ann;Owner\nc@d.co;Cy;Member"),
        [
            "1!MissingAt".to_owned(),
            format!("2:a@b.co=/{OWNER}"),
            format!("3:c@d.co=/{MEMBER}")
        ]
    );
}

#[test]
fn titles_of_other_programs_are_known() {
    for header in [
        "First Name [Required],Email Address [Required]",
        "Name,E-mail 1 - Value",
        "Display name,User principal name",
        "Nom,Courriel",
        "Nombre,Correo electrónico",
    ] {
        let ann = told(&format!("{header}\nAnn,a@b.co"));
        assert_eq!(ann, ["2:a@b.co=Ann/"], "{header}");
    }
}

#[test]
fn behind_semicolons_stand_several_roles() {
    let roles = Service::Astra.known_roles();
    let options = Options {
        roles: &roles,
        ..Options::default()
    };
    for text in [
        "a@b.co;RO User; R/W User",
        "email;role\na@b.co;RO User; R/W User",
        "email;role\na@b.co;\"RO User; R/W User\"",
        "a@b.co;RO User; R/W User\nc@d.co;RO User; R/W User",
        "a@b.co RO User; R/W User",
        "a@b.co \"RO User; R/W User\"",
        "a@b.co \"RO User; R/W User\"\nc@d.co \"RO User; R/W User\"",
        "a@b.co RO User; R/W User\nc@d.co, e@f.co",
    ] {
        let list = read(text, &options, &NoMapping);
        let recipient = list.entries[0].recipient.as_ref().unwrap();
        assert_eq!(names(recipient).len(), 2, "{text}");
    }
    let list = read(
        "email;role;team\na@b.co;RO User;R/W User",
        &options,
        &NoMapping,
    );
    assert_eq!(names(list.entries[0].recipient.as_ref().unwrap()).len(), 1);
}

#[test]
fn what_is_wrong_in_quotes_is_found_in_them() {
    for (cell, wrong) in [
        ("\"an\"\"n@b.co\"", "\""),
        ("\"bo(b)@exa\"\"mple.com\"", "("),
        ("\"Ann \"\"A\"\" <an n@b.co>\"", " n@"),
        ("'+a b@b.co", " b"),
        ("\"'+a\"\"b c@b.co\"", "\""),
    ] {
        let text = format!("email,role\n{cell},owner\n");
        let list = table(&text);
        let at = list.entries[0].error_at().unwrap();
        assert!(text[at..].starts_with(wrong), "{cell}: {}", &text[at..]);
    }
}

#[test]
fn an_id_beside_an_address_is_the_same_person() {
    let (ann, bo) = ("clm8qv74h000008mlf08scq7k", "clm8qv74h000008mlf08scq7l");
    assert_eq!(
        told(&format!("{ann},a@b.co,owner\n{bo},c@d.co,member\n")),
        [format!("1:a@b.co=/{OWNER}"), format!("2:c@d.co=/{MEMBER}")]
    );
    assert_eq!(
        told(&format!("{ann},owner\n{bo},member\n")),
        [format!("1:{ann}=/{OWNER}"), format!("2:{bo}=/{MEMBER}")]
    );
}

#[test]
fn a_stray_quote_swallows_no_row() {
    assert_eq!(
        told("email,name\na@b.co,\"Ann\nc@d.co,Bob\"\ne@f.co,\"Cy\"x\ng@h.co,\"Di\nE\"\n"),
        [
            "2:a@b.co=\"Ann/",
            "3:c@d.co=Bob\"/",
            "4:e@f.co=\"Cy\"x/",
            "5:g@h.co=Di\nE/"
        ]
    );
}

#[test]
fn a_guarded_formula_is_read_as_it_was() {
    assert_eq!(
        told("email,name\n'+a@b.co,'=1+1\n'a@b.co,'x\n''-a@b.co,' =1"),
        ["2:+a@b.co==1+1/", "3:'a@b.co='x/", "4:'-a@b.co==1/"]
    );
}

#[test]
fn spans_point_into_the_text() {
    let text = "email;role\n Ann <a@b,co> ;owner\n\"a\"\"@b.co\";owner";
    let list = table(text);
    let entry = &list.entries[0];
    assert_eq!(&text[entry.span.clone()], " Ann <a@b,co> ;owner");
    assert_eq!(&text[entry.address.clone()], "a@b,co");
    assert_eq!(entry.error_at(), text.find(",co"));
    let entry = &list.entries[1];
    assert_eq!(&text[entry.address.clone()], "a\"\"@b.co");
    let Err(InvalidEntry::Email(error)) = &entry.recipient else {
        panic!("{entry:?}");
    };
    assert_eq!(error.kind, EmailErrorKind::LocalInvalidChar);
}

#[test]
fn hostile_lengths_take_linear_time() {
    for piece in [
        "\"",
        ",",
        "\"a,",
        "\"\",",
        "\"\n",
        "\"a\"b,",
        "a@b.co,\"",
        "\"\"a,\"",
        "\r",
        "a  ",
        "  a\n",
        "  ",
        " \n",
    ] {
        for header in ["email,role\n", "email  role\n"] {
            let text = format!("{header}{}", piece.repeat(200_000));
            let list = table(&text);
            assert!(
                list.entries
                    .iter()
                    .all(|entry| entry.span.end <= text.len())
            );
        }
    }
}
