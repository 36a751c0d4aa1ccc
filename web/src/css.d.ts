// Style sheets are imported for their effect: the bundler gathers them into one.
declare module '*.css'
