import { join, resolve } from "node:path";
import { writeComplexNpy } from "../../data/formats/npy-complex.ts";
import { joinMeasurements, type MeasurementData, writeMeasurements } from "../../data/measurements/index.ts";
import { rowBytes } from "../../data/space.ts";
import { inputError, usageError } from "../../error.ts";
import { datasetOf, readDataFile, writeFileAtomic } from "../../files/index.ts";
import { textTable } from "../../report/table.ts";
import { collect, numberOf, requiredText, textOf, wholeFlag } from "../options/flags.ts";
import { addMeasurementOptions, addTarget, measurementsFromFlags } from "../options/measurements.ts";
