import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['dist/', 'reports/', 'coverage/'] },
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    // What is reported is graded: a comment in the code cannot switch a rule off.
    linterOptions: { noInlineConfig: true },
    rules: {
      complexity: ['error', 8],
      eqeqeq: 'error',
      'max-depth': ['error', 3],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-alert': 'error',
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['tests/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  { files: ['*.config.js'], languageOptions: { globals: globals.node } },
];
