// Structural equality of parts of plans.
import { structureTexts } from "../types/structure-text.js";

export const structureKey = structureTexts();
