// Whether the viewer may act or only read.
let admin = false;

export const setAdmin = (is: boolean): void => void (admin = is);
export const isAdmin = (): boolean => admin;
