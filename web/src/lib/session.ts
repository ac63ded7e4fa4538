// Who is logged in, and the zone in which they are shown times.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { UserView } from "../generated/records";
import { ownZone } from "./time";

export interface Session {
  user: UserView;
  zone: string;
}

export const SessionContext = createContext<Session>({ user: {} as UserView, zone: ownZone() });
export const useSession = (): Session => useContext(SessionContext);
export const useZone = (): string => useContext(SessionContext).zone;
