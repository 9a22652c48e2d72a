//! Structs and enums, as the code that reads them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Error, Fields, FieldsNamed, Result, Variant};

use crate::attributes::{AS_THEY_ARE, Container, Member, plain};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let container = Container::read(&input.attrs)?;
    let body = body(input, &container)?;
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new_spanned(
            parameter,
            "FromJson takes no parameters",
        ));
    }
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::rolecall_core::json::FromJson for #name #arguments #bounds {
            fn read_from(
                json: &::rolecall_core::json::Json<'_>,
                misfits: &mut ::rolecall_core::json::Misfits,
            ) -> Self {
                #body
            }
        }

        #[automatically_derived]
        impl<'de> ::rolecall_core::json::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::rolecall_core::json::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::rolecall_core::json::deserialize(deserializer)
            }
        }
    })
}

fn body(input: &DeriveInput, container: &Container) -> Result<TokenStream> {
    if let Some(other) = &container.from {
        return Ok(quote! {
            ::core::convert::From::from(<#other as ::rolecall_core::json::FromJson>::read_from(json, misfits))
        });
    }
    if container.has_rules {
        return Err(Error::new_spanned(
            &input.ident,
            "FromJson knows no value that would stand in for one against the rules: write it by hand",
        ));
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !container.transparent => {
                let fields = named(fields, container, &quote!(Self))?;
                Ok(quote! {
                    let fields = json.fields(misfits);
                    #fields
                })
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(quote! {
                Self(::rolecall_core::json::FromJson::read_from(json, misfits))
            }),
            _ => Err(Error::new_spanned(
                &input.ident,
                "FromJson reads no such struct",
            )),
        },
        Data::Enum(data) if container.untagged => untagged(data),
        Data::Enum(data) => match &container.tag {
            Some(tag) => tagged(data, container, tag),
            None => external(data, container),
        },
        Data::Union(_) => Err(Error::new_spanned(&input.ident, "FromJson reads no unions")),
    }
}

/// An expression that builds a struct or a variant from `fields`.
fn named(fields: &FieldsNamed, container: &Container, what: &TokenStream) -> Result<TokenStream> {
    let mut members = Vec::new();
    for field in &fields.named {
        let name = field.ident.as_ref().expect("the fields are named");
        let member = Member::read(&field.attrs)?;
        let key = member.rename.clone().unwrap_or_else(|| {
            container
                .rename_all
                .map_or_else(|| plain(name), |case| case.of_field(name))
        });
        members.push((name, member, key));
    }
    let known = members
        .iter()
        .filter(|(_, member, _)| !member.flatten)
        .flat_map(|(_, member, key)| std::iter::once(key).chain(&member.aliases));
    let known = quote!(&[#(#known),*]);
    let reads = members.iter().map(|(name, member, key)| {
        let aliases = &member.aliases;
        let read = match &member.default {
            _ if member.flatten => quote!(fields.flat(#known, misfits)),
            None => quote!(fields.get(&[#key, #(#aliases),*], misfits)),
            Some(fallback) => quote! {
                match fields.find(&[#key, #(#aliases),*]) {
                    ::core::option::Option::Some(json) => {
                        ::rolecall_core::json::FromJson::read_from(json, misfits)
                    }
                    ::core::option::Option::None => #fallback(),
                }
            },
        };
        quote!(#name: #read)
    });
    Ok(quote!(#what { #(#reads),* }))
}

/// The name by which a variant goes.
pub(crate) fn called(variant: &Variant, container: &Container) -> Result<String> {
    let member = Member::read(&variant.attrs)?;
    Ok(member.rename.unwrap_or_else(|| {
        container.rename_all.map_or_else(
            || plain(&variant.ident),
            |case| case.of_variant(&variant.ident),
        )
    }))
}

/// The variant that stands in where a word is none of those there are: one without fields, if possible.
fn stand_in(data: &DataEnum, reads: &[TokenStream]) -> Result<TokenStream> {
    let units = |variant: &Variant| matches!(variant.fields, Fields::Unit);
    let first = data.variants.iter().position(units).unwrap_or(0);
    reads.get(first).cloned().ok_or_else(|| {
        Error::new_spanned(&data.variants, "FromJson reads no enum without variants")
    })
}

/// The tag stands among the fields.
fn tagged(data: &DataEnum, container: &Container, tag: &str) -> Result<TokenStream> {
    let mut names = Vec::new();
    let mut reads = Vec::new();
    for variant in &data.variants {
        let name = &variant.ident;
        names.push(called(variant, container)?);
        reads.push(match &variant.fields {
            Fields::Unit => quote!(Self::#name),
            Fields::Named(fields) => named(fields, &AS_THEY_ARE, &quote!(Self::#name))?,
            Fields::Unnamed(_) => quote! {
                Self::#name(::rolecall_core::json::FromJson::read_from(json, misfits))
            },
        });
    }
    let stand_in = stand_in(data, &reads)?;
    Ok(quote! {
        let fields = json.fields(misfits);
        let (word, tag) = fields.tag(#tag, misfits);
        match word {
            #(#names => #reads,)*
            other => {
                misfits.unknown(other, tag);
                #stand_in
            }
        }
    })
}

/// A word, or an object whose one key says which variant it is.
fn external(data: &DataEnum, container: &Container) -> Result<TokenStream> {
    let mut names = Vec::new();
    let mut reads = Vec::new();
    for variant in &data.variants {
        let name = &variant.ident;
        let key = called(variant, container)?;
        reads.push(match &variant.fields {
            Fields::Unit => quote!(Self::#name),
            Fields::Named(fields) => {
                let read = named(fields, &AS_THEY_ARE, &quote!(Self::#name))?;
                quote!({ let fields = inner.fields(misfits); #read })
            }
            Fields::Unnamed(_) => quote! {
                Self::#name(::rolecall_core::json::FromJson::read_from(inner, misfits))
            },
        });
        names.push(key);
    }
    let all_are_words = data
        .variants
        .iter()
        .all(|variant| matches!(variant.fields, Fields::Unit));
    let inner = if all_are_words {
        quote!(let word = json.word(misfits);)
    } else {
        quote!(let (word, inner) = json.variant(misfits);)
    };
    let stand_in = stand_in(data, &reads)?;
    Ok(quote! {
        #inner
        match word {
            #(#names => #reads,)*
            other => {
                misfits.unknown(other, json);
                #stand_in
            }
        }
    })
}

/// The first variant that fits.
fn untagged(data: &DataEnum) -> Result<TokenStream> {
    let mut reads = Vec::new();
    for variant in &data.variants {
        let name = &variant.ident;
        reads.push(match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote! {
                Self::#name(::rolecall_core::json::FromJson::read_from(json, misfits))
            },
            Fields::Named(fields) => {
                let read = named(fields, &AS_THEY_ARE, &quote!(Self::#name))?;
                quote!({ let fields = json.fields(misfits); #read })
            }
            _ => return Err(Error::new_spanned(name, "FromJson reads no such variant")),
        });
    }
    let stand_in = stand_in(data, &reads)?;
    Ok(quote! {
        #({
            let mut tried = ::rolecall_core::json::Misfits::default();
            let misfits = &mut tried;
            let read = #reads;
            if tried.first().is_none() {
                return read;
            }
        })*
        misfits.other(json);
        #stand_in
    })
}
