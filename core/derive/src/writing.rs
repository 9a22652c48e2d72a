//! Structs and enums, as the code that writes them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Data, DataEnum, DeriveInput, Error, Fields, FieldsNamed, Result};

use crate::attributes::{AS_THEY_ARE, Container, Member, plain};
use crate::shapes::called;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let container = Container::read(&input.attrs)?;
    let Code { whole, fields } = code(input, &container)?;
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let whole = whole.unwrap_or_else(|| {
        quote! {
            to.open('{');
            ::rolecall_core::json::ToJson::fields(self, to);
            to.close('}');
        }
    });
    let fields = fields.map(|fields| {
        quote! {
            fn fields(&self, to: &mut ::rolecall_core::json::Writer) {
                #fields
            }
        }
    });
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::rolecall_core::json::ToJson for #name #arguments #bounds {
            fn to_json(&self, to: &mut ::rolecall_core::json::Writer) {
                #whole
            }

            #fields
        }
    })
}

/// How a value is written, and its fields alone. An object is its fields in brackets.
struct Code {
    whole: Option<TokenStream>,
    fields: Option<TokenStream>,
}

fn code(input: &DeriveInput, container: &Container) -> Result<Code> {
    if let Some(other) = &container.into {
        let whole = quote! {
            let other: #other = ::core::convert::Into::into(::core::clone::Clone::clone(self));
            ::rolecall_core::json::ToJson::to_json(&other, to);
        };
        return Ok(Code {
            whole: Some(whole),
            fields: None,
        });
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !container.transparent => {
                let write = named(fields, container, |name| quote!(&self.#name))?;
                Ok(Code {
                    whole: None,
                    fields: Some(write),
                })
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(Code {
                whole: Some(quote!(::rolecall_core::json::ToJson::to_json(&self.0, to);)),
                fields: Some(quote!(::rolecall_core::json::ToJson::fields(&self.0, to);)),
            }),
            _ => Err(Error::new_spanned(
                &input.ident,
                "ToJson writes no such struct",
            )),
        },
        Data::Enum(data) => variants(data, container),
        Data::Union(_) => Err(Error::new_spanned(&input.ident, "ToJson writes no unions")),
    }
}

/// Writes fields, which are found by `place`.
fn named(
    fields: &FieldsNamed,
    container: &Container,
    place: impl Fn(&syn::Ident) -> TokenStream,
) -> Result<TokenStream> {
    let mut writes = TokenStream::new();
    for field in &fields.named {
        let name = field.ident.as_ref().expect("the fields are named");
        let member = Member::read(&field.attrs)?;
        let value = place(name);
        let key = member.written.unwrap_or_else(|| {
            container
                .rename_all
                .map_or_else(|| plain(name), |case| case.of_field(name))
        });
        let write = match member.flatten {
            true => quote!(::rolecall_core::json::ToJson::fields(#value, to);),
            false => quote!(to.field(#key, #value);),
        };
        match &member.skip {
            Some(skip) => quote!(if !#skip(#value) { #write }),
            None => write,
        }
        .to_tokens(&mut writes);
    }
    Ok(writes)
}

fn variants(data: &DataEnum, container: &Container) -> Result<Code> {
    let mut wholes = Vec::new();
    let mut fields = Vec::new();
    for variant in &data.variants {
        let name = &variant.ident;
        let key = called(variant, container)?;
        let tag = match &container.tag {
            Some(tag) => quote!(to.field(#tag, #key);),
            None => TokenStream::new(),
        };
        let (pattern, whole, inner) = match &variant.fields {
            Fields::Unit => (
                quote!(Self::#name),
                quote!(to.word(#key);),
                TokenStream::new(),
            ),
            Fields::Named(named_fields) => {
                let names = named_fields.named.iter().map(|field| &field.ident);
                let write = named(named_fields, &AS_THEY_ARE, |name| quote!(#name))?;
                (
                    quote!(Self::#name { #(#names),* }),
                    quote!(to.open('{'); #write to.close('}');),
                    write,
                )
            }
            Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => (
                quote!(Self::#name(inner)),
                quote!(::rolecall_core::json::ToJson::to_json(inner, to);),
                quote!(::rolecall_core::json::ToJson::fields(inner, to);),
            ),
            Fields::Unnamed(_) => {
                return Err(Error::new_spanned(name, "ToJson writes no such variant"));
            }
        };
        let external = !container.untagged && container.tag.is_none();
        if external && !matches!(variant.fields, Fields::Unit) {
            wholes.push(quote!(#pattern => { to.open('{'); to.key(#key); #whole to.close('}'); }));
        } else {
            wholes.push(quote!(#pattern => { #whole }));
        }
        fields.push(match external {
            true if matches!(variant.fields, Fields::Unit) => quote!(#pattern => {}),
            true => quote!(#pattern => { to.key(#key); #whole }),
            false => quote!(#pattern => { #tag #inner }),
        });
    }
    let all = |arms: Vec<TokenStream>| quote!(match self { #(#arms)* });
    Ok(Code {
        // tagged ones are objects
        whole: container.tag.is_none().then(|| all(wholes)),
        fields: Some(all(fields)),
    })
}
