// A customer on the public pages: finds, books, pays.
export const publicFlows = {};
