import{a,b}from"./chunk-3GEDOEIJ.js";import"./chunk-CX5AHDAY.js";import"./chunk-NXVWCUI3.js";export{a as attach,b as define};
