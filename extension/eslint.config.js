import noUnsanitized from "eslint-plugin-no-unsanitized";
import tseslint from "typescript-eslint";

const MARKUP = "Nodes are made with make(); text is never parsed as markup.";

export default tseslint.config(
  { ignores: ["dist/", "node_modules/"] },
  ...tseslint.configs.strict,
  noUnsanitized.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["*.mjs", "*.js", "vitest.config.ts"] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: MARKUP },
        { property: "outerHTML", message: MARKUP },
        { property: "insertAdjacentHTML", message: MARKUP },
        { object: "document", property: "write", message: MARKUP },
      ],
      "no-restricted-globals": ["error", { name: "localStorage", message: "It is the page's." }, { name: "sessionStorage", message: "It is the page's." }],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-invalid-void-type": "off",
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "error", "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }] },
  },
  {
    // only the background reaches the store and the network
    files: ["src/content/**", "src/panel/**", "src/trackers/**", "src/popup/**", "src/options/**", "src/welcome/**"],
    rules: {
      "no-restricted-globals": ["error", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "localStorage", "sessionStorage"],
    },
  },
  { files: ["test/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off", "no-control-regex": "off" } },
);
