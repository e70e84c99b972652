// The languages the phone's words exist in, each by its own name. English is what the others are made from.

export const LANGUAGES: { [code: string]: string } = { en: 'English', cy: 'Cymraeg', pl: 'Polski', ur: 'اردو' }
