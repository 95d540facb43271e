import { setFlagsFromString } from 'node:v8';

// On a large machine V8 lets the heap grow to four times what is in use before it collects. Answers of platforms are large and
// short-lived, so nearly all of this process would be what is left of them. Heeded only when it is said early.
setFlagsFromString('--heap-growing-percent=25');
