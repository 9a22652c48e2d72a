import{b as e}from"../chunk-3GEDOEIJ.js";import"../chunk-CX5AHDAY.js";import"../chunk-NXVWCUI3.js";e();
