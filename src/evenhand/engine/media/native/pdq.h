/* What pdq.c and grey.c give to the module. */
#ifndef EVENHAND_PDQ_H
#define EVENHAND_PDQ_H
#include <Python.h>
PyObject *pdq_cosines(PyObject *module, PyObject *arguments);
PyObject *block_means(PyObject *module, PyObject *arguments);
PyObject *block_extremes(PyObject *module, PyObject *arguments);
#endif
