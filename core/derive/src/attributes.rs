//! The attributes of serde that are understood.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, ExprPath, Ident, LitStr, Result, Token, Type};

/// What stands on a struct or enum.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) rename_all: Option<Case>,
    pub(crate) tag: Option<String>,
    pub(crate) untagged: bool,
    pub(crate) transparent: bool,
    pub(crate) from: Option<Type>,
    /// Not every value of its shape is one: `try_from`.
    pub(crate) has_rules: bool,
    pub(crate) into: Option<Type>,
}

/// Names of a variant's fields stand as they are: `rename_all` of an enum is for its variants.
pub(crate) const AS_THEY_ARE: Container = Container {
    rename_all: None,
    tag: None,
    untagged: false,
    transparent: false,
    from: None,
    has_rules: false,
    into: None,
};

/// What stands on a field or variant.
#[derive(Default)]
pub(crate) struct Member {
    pub(crate) rename: Option<String>,
    /// What it is called where it is written.
    pub(crate) written: Option<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) default: Option<Fallback>,
    pub(crate) flatten: bool,
    /// When it is left out.
    pub(crate) skip: Option<ExprPath>,
}

/// What an absent field is.
pub(crate) enum Fallback {
    Default,
    Function(ExprPath),
}

/// How names are spelled.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Camel,
    Lower,
}

impl Case {
    /// A field's name, which is in snake case.
    pub(crate) fn of_field(self, name: &Ident) -> String {
        let name = plain(name);
        match self {
            Self::Lower => name,
            Self::Camel => {
                let mut camel = String::new();
                let mut raise = false;
                for letter in name.chars() {
                    match letter {
                        '_' => raise = true,
                        _ if raise => {
                            camel.extend(letter.to_uppercase());
                            raise = false;
                        }
                        _ => camel.push(letter),
                    }
                }
                camel
            }
        }
    }

    /// A variant's name, which is in Pascal case.
    pub(crate) fn of_variant(self, name: &Ident) -> String {
        let name = plain(name);
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Camel => {
                let (first, rest) = name.split_at(1);
                first.to_lowercase() + rest
            }
        }
    }
}

/// A name without the mark of a raw identifier.
pub(crate) fn plain(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
}

impl Container {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut read = Self::default();
        each(attributes, |meta| {
            match word(&meta).as_str() {
                "rename_all" => {
                    let case = text(&meta)?;
                    read.rename_all = Some(match case.value().as_str() {
                        "camelCase" => Case::Camel,
                        "lowercase" => Case::Lower,
                        _ => return Err(Error::new(case.span(), "camelCase or lowercase")),
                    });
                }
                "tag" => read.tag = Some(text(&meta)?.value()),
                "untagged" => read.untagged = true,
                "transparent" => read.transparent = true,
                "from" => read.from = Some(text(&meta)?.parse()?),
                "try_from" => {
                    text(&meta)?;
                    read.has_rules = true;
                }
                "into" => read.into = Some(text(&meta)?.parse()?),
                _ => return Err(meta.error("this attribute is not known")),
            }
            Ok(())
        })?;
        Ok(read)
    }
}

impl Member {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut read = Self::default();
        each(attributes, |meta| {
            match word(&meta).as_str() {
                "rename" if meta.input.peek(Token![=]) => {
                    let name = text(&meta)?.value();
                    read.written = Some(name.clone());
                    read.rename = Some(name);
                }
                "rename" => meta.parse_nested_meta(|side| {
                    let name = text(&side)?.value();
                    match word(&side).as_str() {
                        "deserialize" => read.rename = Some(name),
                        _ => read.written = Some(name),
                    }
                    Ok(())
                })?,
                "alias" => read.aliases.push(text(&meta)?.value()),
                "default" if meta.input.peek(Token![=]) => {
                    read.default = Some(Fallback::Function(text(&meta)?.parse()?));
                }
                "default" => read.default = Some(Fallback::Default),
                "flatten" => read.flatten = true,
                "skip_serializing_if" => read.skip = Some(text(&meta)?.parse()?),
                _ => return Err(meta.error("this attribute is not known")),
            }
            Ok(())
        })?;
        Ok(read)
    }
}

impl ToTokens for Fallback {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Default => quote::quote!(::core::default::Default::default),
            Self::Function(path) => quote::quote!(#path),
        }
        .to_tokens(tokens);
    }
}

fn each(
    attributes: &[Attribute],
    mut read: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .try_for_each(|attribute| attribute.parse_nested_meta(&mut read))
}

fn word(meta: &ParseNestedMeta<'_>) -> String {
    meta.path
        .get_ident()
        .map(Ident::to_string)
        .unwrap_or_default()
}

fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    meta.value()?.parse()
}
