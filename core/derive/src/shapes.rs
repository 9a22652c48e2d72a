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
            fn from_json(
                json: &::rolecall_core::json::Json<'_>,
            ) -> ::core::result::Result<Self, ::rolecall_core::json::Misfit> {
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
            <#other as ::rolecall_core::json::FromJson>::from_json(json).map(::core::convert::From::from)
        });
    }
    if let Some(other) = &container.try_from {
        return Ok(quote! {
            let read = <#other as ::rolecall_core::json::FromJson>::from_json(json)?;
            ::core::convert::TryFrom::try_from(read)
                .map_err(|error| ::rolecall_core::json::Misfit::because(&error, json))
        });
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !container.transparent => {
                let fields = named(fields, container, &quote!(Self))?;
                Ok(quote! {
                    let fields = json.fields()?;
                    #fields
                })
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(quote! {
                ::rolecall_core::json::FromJson::from_json(json).map(Self)
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
            _ if member.flatten => quote!(fields.flat(#known)?),
            None => quote!(fields.get(&[#key, #(#aliases),*])?),
            Some(fallback) => quote!(fields.get_or(&[#key, #(#aliases),*], #fallback)?),
        };
        quote!(#name: #read)
    });
    Ok(quote!(::core::result::Result::Ok(#what { #(#reads),* })))
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

/// The tag stands among the fields.
fn tagged(data: &DataEnum, container: &Container, tag: &str) -> Result<TokenStream> {
    let mut names = Vec::new();
    let mut reads = Vec::new();
    for variant in &data.variants {
        let name = &variant.ident;
        names.push(called(variant, container)?);
        reads.push(match &variant.fields {
            Fields::Unit => quote!(::core::result::Result::Ok(Self::#name)),
            Fields::Named(fields) => named(fields, &AS_THEY_ARE, &quote!(Self::#name))?,
            Fields::Unnamed(_) => quote! {
                ::rolecall_core::json::FromJson::from_json(json).map(Self::#name)
            },
        });
    }
    Ok(quote! {
        let fields = json.fields()?;
        let (word, tag) = fields.tag(#tag)?;
        match word {
            #(#names => #reads,)*
            other => ::core::result::Result::Err(
                ::rolecall_core::json::Misfit::unknown(other, tag)
            ),
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
            Fields::Unit => quote!(::core::result::Result::Ok(Self::#name)),
            Fields::Named(fields) => {
                let read = named(fields, &AS_THEY_ARE, &quote!(Self::#name))?;
                quote!({ let fields = inner.fields()?; #read })
            }
            Fields::Unnamed(_) => quote! {
                ::rolecall_core::json::FromJson::from_json(inner).map(Self::#name)
            },
        });
        names.push(key);
    }
    let inner = if data
        .variants
        .iter()
        .all(|variant| matches!(variant.fields, Fields::Unit))
    {
        quote!(let word = json.word()?;)
    } else {
        quote!(let (word, inner) = json.variant()?;)
    };
    Ok(quote! {
        #inner
        match word {
            #(#names => #reads,)*
            other => ::core::result::Result::Err(::rolecall_core::json::Misfit::unknown(other, json)),
        }
    })
}

/// The first variant that fits.
fn untagged(data: &DataEnum) -> Result<TokenStream> {
    let tries = data
        .variants
        .iter()
        .map(|variant| {
            let name = &variant.ident;
            match &variant.fields {
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(quote! {
                    if let ::core::result::Result::Ok(read) =
                        ::rolecall_core::json::FromJson::from_json(json)
                    {
                        return ::core::result::Result::Ok(Self::#name(read));
                    }
                }),
                Fields::Named(fields) => {
                    let read = named(fields, &AS_THEY_ARE, &quote!(Self::#name))?;
                    Ok(quote! {
                        let read = json.fields().and_then(|fields| #read);
                        if read.is_ok() {
                            return read;
                        }
                    })
                }
                _ => Err(Error::new_spanned(name, "FromJson reads no such variant")),
            }
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        #(#tries)*
        ::core::result::Result::Err(::rolecall_core::json::Misfit::other(json))
    })
}
